/** How many parts a picture may come in: it has some, or some hundred, and a million would be made to keep us busy. */
export const MOST_PARTS = 20_000
