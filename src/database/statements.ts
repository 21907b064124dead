/** What may hide a semicolon: comments, literals, quoted names, bodies between dollar quotes; or a semicolon that ends. */
const PARTS =
  /--[^\n]*|\/\*|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$])\$([A-Za-z_]\w*)?\$|;/g

/** The place after a comment that opens at `from`; comments nest in PostgreSQL. */
function afterComment(sql: string, from: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = from
  for (let depth = 0; ; ) {
    const mark = marks.exec(sql)
    if (!mark) return sql.length
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
}

const isBlank = (sql: string) => sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() === ''

/** The statements of an SQL text, each without its semicolon. What follows the last one is one too, unless blank. */
export function statementsOf(sql: string): string[] {
  const statements: string[] = []
  let begin = 0
  PARTS.lastIndex = 0
  for (let part = PARTS.exec(sql); part; part = PARTS.exec(sql)) {
    const [text] = part
    if (text === '/*') PARTS.lastIndex = afterComment(sql, part.index)
    else if (text.startsWith('$')) {
      const end = sql.indexOf(text, PARTS.lastIndex)
      PARTS.lastIndex = end < 0 ? sql.length : end + text.length
    } else if (text === ';') {
      statements.push(sql.slice(begin, part.index).trim())
      begin = PARTS.lastIndex
    }
  }
  statements.push(sql.slice(begin).trim())
  return statements.filter((statement) => !isBlank(statement))
}
