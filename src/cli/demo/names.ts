/** What a sportswear shop sells: a style, its category, its price in rupees, and whether it comes in sizes. */
export interface Style {
  name: string
  category: string
  rupees: number
  sized: boolean
}

const style = (category: string, sized: boolean, ...styles: [name: string, rupees: number][]): Style[] =>
  styles.map(([name, rupees]) => ({ name, category, rupees, sized }))

export const STYLES: Style[] = [
  ...style('Jerseys', true, ['Cricket Jersey', 1890], ['Football Jersey', 1790], ['Goalkeeper Jersey', 2290]),
  ...style('T-shirts', true, ['Dri-Fit T-shirt', 1190], ['Polo Shirt', 1690], ['Sleeveless Vest', 890]),
  ...style('Trousers', true, ['Training Trouser', 1990], ['Cricket Trouser', 1590], ['Compression Tights', 1490]),
  ...style('Shorts', true, ['Football Shorts', 990], ['Running Shorts', 1090]),
  ...style('Tracksuits', true, ['Tracksuit', 4990], ['Zip Hoodie', 3290], ['Rain Jacket', 3990]),
  ...style('Cricket', false, ['English Willow Bat', 18900], ['Tape Ball Bat', 3490], ['Hard Ball', 1290]),
  ...style('Cricket', false, ['Batting Gloves', 2990], ['Batting Pads', 4490], ['Helmet', 5490]),
  ...style('Football', false, ['Match Football', 3890], ['Shin Guards', 890], ['Goalkeeper Gloves', 2490]),
  ...style('Gym', false, ['Yoga Mat', 1990], ['Skipping Rope', 590], ['Resistance Band', 790]),
  ...style('Bags and caps', false, ['Kit Bag', 3490], ['Sports Cap', 690], ['Water Bottle', 490], ['Wrist Band', 290])
]

export const SIZES = ['S', 'M', 'L', 'XL', 'XXL']
export const GRADES = ['Club', 'Match', 'Academy', 'Pro', 'Elite']
export const COLOURS = ['Navy', 'Black', 'White', 'Red', 'Green', 'Royal Blue', 'Maroon', 'Grey']
/** How many different products there are names for. */
export const MOST_PRODUCTS = STYLES.length * SIZES.length * COLOURS.length

export const BRANDS = ['Falcon', 'Zarb', 'Markhor', 'Indus Sports', 'Stallion', 'Karvan']
export const VENDORS = [
  'Sialkot Leather Works',
  'Faisal Knitwear',
  'Chenab Textiles',
  'Khyber Sports Traders',
  'Lyallpur Garments'
]
export const FIRST_NAMES = [
  ...['Ahmed', 'Ali', 'Bilal', 'Danish', 'Farhan', 'Hamza', 'Hassan', 'Imran', 'Junaid', 'Kamran', 'Omar', 'Saad'],
  ...['Aisha', 'Amna', 'Fatima', 'Hira', 'Iqra', 'Maryam', 'Nida', 'Rabia', 'Sana', 'Zainab']
]
export const LAST_NAMES = [
  ...['Abbasi', 'Ahmed', 'Akhtar', 'Butt', 'Chaudhry', 'Farooq', 'Hussain', 'Iqbal', 'Javed', 'Khan', 'Malik'],
  ...['Mirza', 'Qureshi', 'Raza', 'Shah', 'Sheikh', 'Siddiqui', 'Tariq']
]
export const TEAMS = [
  ...['Shaheen Cricket Club', 'Ravi United', 'City School', 'Model Town Gymkhana', 'Green Valley Academy'],
  ...['Karachi Kickers', 'Margalla Strikers', 'Chenab College', 'Punjab Police Sports', 'Iqbal Park Eleven']
]
export const STREETS = ['Mall Road', 'Jail Road', 'Canal View', 'Model Town', 'Gulberg III', 'Satellite Town', 'Saddar']
