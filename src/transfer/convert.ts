import type { Queryable } from '../database/connection.ts'
import type { Row } from '../services/projection.ts'
import { cellValue } from './cells.ts'
import type { RowFault } from './journal.ts'
import { Lookups } from './lookups.ts'
import type { Mapping } from './mapping.ts'
import type { DecimalSign } from './numbers.ts'
import type { SourceRow } from './source.ts'
import type { Target } from './targets.ts'

/** A row on its way: what the API would be sent, and what is wrong with it. */
export interface Line {
  row: number
  titles: readonly string[]
  data: Row
  faults: RowFault[]
}

interface Mention {
  line: Line
  title: string
  target: Target & { related: NonNullable<Target['related']> }
  name: string
}

/** Turns rows of a file into data as the API takes it. */
export class Converter {
  #mapping: Mapping
  #lookups: Lookups
  #typed: boolean
  #sign: DecimalSign

  /** `typed`: values are those of JSON, to be taken as they are. */
  constructor(mapping: Mapping, db: Queryable, { typed, sign }: { typed: boolean; sign?: DecimalSign }) {
    this.#mapping = mapping
    this.#lookups = new Lookups(db, mapping.reach.call.reader)
    this.#typed = typed
    this.#sign = sign
  }

  async convert(rows: readonly SourceRow[]): Promise<Line[]> {
    const mentions: Mention[] = []
    const lines = rows.map((row) => this.#line(row, mentions))
    await this.#resolve(mentions)
    return lines
  }

  #line({ row, titles, cells, fault }: SourceRow, mentions: Mention[]): Line {
    const line: Line = { row, titles, data: {}, faults: fault === undefined ? [] : [{ row, message: fault }] }
    if (fault !== undefined) return line
    titles.forEach((title, i) => {
      const target = this.#mapping.of(title)
      if (target === null) return
      try {
        if (typeof target === 'string') throw new TypeError(target)
        this.#fill(line, title, target, cells[i], mentions)
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        line.faults.push({ row, column: title, message: error.message })
      }
    })
    return line
  }

  #fill(line: Line, title: string, target: Target, cell: unknown, mentions: Mention[]): void {
    const { name, field, part, related } = target
    // Names and parts are text, whatever the field is that they end in.
    const asked = part || related ? { ...field, kind: 'text' as const, nullable: true } : field
    const value = this.#typed ? cell : cellValue(asked, cell, this.#sign)
    if (value === undefined) return
    if (part) {
      if (value !== null) line.data[name] = { ...(line.data[name] as Row | undefined), [part]: value }
    } else if (!related || value === null) line.data[name] = value
    else if (typeof value !== 'string') throw new TypeError('must be text')
    else mentions.push({ line, title, target: { ...target, related }, name: value })
  }

  /** A statement per kind of reference, whatever the number of rows. */
  async #resolve(mentions: Mention[]): Promise<void> {
    const kinds = new Map(mentions.map(({ target }) => [`${target.name}.${target.related.by}`, target]))
    for (const target of kinds.values()) {
      const names = mentions.filter(
        (one) => one.target.name === target.name && one.target.related.by === target.related.by
      )
      await this.#lookups.load(
        target.related,
        names.map(({ name }) => name)
      )
    }
    for (const { line, title, target, name } of mentions) {
      const found = this.#lookups.find(target.related, name)
      if ('id' in found) line.data[target.name] = found.id
      else line.faults.push({ row: line.row, column: title, message: found.message })
    }
  }
}
