import { failure } from '../errors.ts'
import { type Reach, type Target, targetOf, targetOfTitle } from './targets.ts'

/** Column -> path of what it fills; empty for a column that is left out. As the client sent it. */
export type Given = ReadonlyMap<string, string>

interface Fault {
  path: string
  message: string
}

/** What the columns of a file fill. */
export class Mapping {
  readonly reach: Reach
  readonly given: Given
  #targets = new Map<string, Target | null | string>()

  constructor(reach: Reach, given: Given) {
    this.reach = reach
    this.given = new Map([...given].map(([title, path]) => [title.normalize('NFC').trim(), path.trim()]))
    const faults = [...this.given].flatMap(([title, path]) => {
      const target = path === '' ? null : targetOf(reach, path)
      this.#targets.set(title, target)
      return typeof target === 'string' ? [{ path: `mapping.${title}`, message: `${path} ${target}` }] : []
    })
    refuse(faults)
  }

  /** What a column fills: null for nothing, a sentence where nobody knows. */
  of(title: string): Target | null | string {
    let target = this.#targets.get(title)
    if (target === undefined) {
      target = title === '' ? null : targetOfTitle(this.reach, title)
      this.#targets.set(title, target)
    }
    return target
  }

  /** Judges the titles of a table before its rows. @throws 400 invalid_data naming the columns at fault */
  require(titles: readonly string[]): void {
    const faults: Fault[] = []
    const filled = new Map<string, string>()
    for (const title of titles) {
      const target = this.of(title)
      if (!target) continue
      if (typeof target === 'string') {
        faults.push({ path: title, message: `${target}; map it to one, or to nothing` })
        continue
      }
      const place = target.part ? `${target.name}.${target.part}` : target.name
      const other = filled.get(place) ?? (target.part ? filled.get(target.name) : undefined)
      if (other !== undefined) faults.push({ path: title, message: `fills ${place}, as ${other} does` })
      filled.set(place, title)
    }
    for (const title of this.given.keys())
      if (!titles.includes(title)) faults.push({ path: `mapping.${title}`, message: 'is not a column of the file' })
    refuse(faults)
    if (!filled.size) refuse([{ path: 'file', message: 'has no column that fills a field' }])
  }

  /** Column -> what it fills, for the record of the import. */
  described(titles: readonly string[]): Record<string, string | null> {
    return Object.fromEntries(
      [...new Set([...titles, ...this.given.keys()])].filter(Boolean).map((title) => [title, pathOf(this.of(title))])
    )
  }

  /** The column that fills a field, for a fault that names the field. */
  titleOf(titles: readonly string[], path: string): string | undefined {
    const [name] = path.split('.')
    const filling = titles.filter((title) => {
      const target = this.of(title)
      return target && typeof target !== 'string' && target.name === name
    })
    return filling.find((title) => pathOf(this.of(title)) === path) ?? filling[0]
  }
}

function pathOf(target: Target | null | string): string | null {
  if (!target || typeof target === 'string') return null
  const { name, part, related } = target
  if (related) return `${name.slice(0, -'_id'.length)}.${related.by}`
  return part ? `${name}.${part}` : name
}

function refuse(errors: Fault[]): void {
  if (!errors.length) return
  const { path, message } = errors[0]!
  throw failure('invalid_data', { errors }, `${path} ${message}`)
}
