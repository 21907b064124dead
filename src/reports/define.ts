/** A question that is asked again and again: groups and measures of one resource, at `GET /reports/<name>`. */
export interface Report {
  name: string
  /** What it tells, in a line. */
  title: string
  /** The resource whose records are grouped. */
  of: string
  /** As a list is asked: `$group`, `$sum` and the like, and conditions that the records meet. */
  query: Readonly<Record<string, unknown>>
}

/** Makes a report of its declaration. Its query is checked against the resource when the server starts. */
export const defineReport = (name: string, options: Omit<Report, 'name'>): Report => ({ name, ...options })
