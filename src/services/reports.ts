import { failure, fieldFailure } from '../errors.ts'
import { fullAccess } from '../policy/access.ts'
import type { Call } from '../policy/call.ts'
import { gateOf } from '../policy/gate.ts'
import type { Report } from '../reports/define.ts'
import { parseQuery } from '../schemas/query.ts'
import type { Page } from './find.ts'
import type { ResourceService } from './resource.ts'

/** What a caller may say beside conditions; what is grouped and summed is the report's. */
const WORDS = new Set(['$limit', '$skip', '$sort', '$total', '$search', 'limit', 'offset', 'search'])
const JOINED = new Set(['$and', '$or'])

type Query = Record<string, unknown>

/** Words of a query apart from its conditions. */
function split(query: Query): { words: Query; conditions: Query } {
  const isWord = ([name]: [string, unknown]) => WORDS.has(name) || (name.startsWith('$') && !JOINED.has(name))
  const entries = Object.entries(query)
  return {
    words: Object.fromEntries(entries.filter(isWord)),
    conditions: Object.fromEntries(entries.filter((entry) => !isWord(entry)))
  }
}

/**
 * One report: its query asked of its resource as the caller, over the records and fields that they may read there. Who
 * may not read what it is made of is refused.
 */
export class ReportService {
  private report: Report
  private service: ResourceService

  /** @throws Error when the query does not fit the resource */
  constructor(report: Report, service: ResourceService | undefined) {
    if (!service) throw new Error(`The report ${report.name} is of ${report.of}, which is not registered`)
    this.report = report
    this.service = service
    const { aggregate } = parseQuery(gateOf(service.resource, {}, false), report.query)
    if (!aggregate) throw new Error(`The report ${report.name} neither groups nor measures`)
  }

  /** Groups and measures; conditions of the caller narrow those of the report. @throws 400, or 403 not_allowed */
  async find(call: Call = {}): Promise<Page> {
    const { resource } = this.service
    const { principal } = call
    const access = principal ? principal.access.of(resource.name, 'read') : fullAccess(resource)
    if (!access) throw failure('not_allowed')
    const gate = gateOf(resource, { ...call, access }, call.provider === 'rest' && !call.typed)
    this.requireReadable(gate)
    const own = split(this.report.query)
    const asked = split((call.query ?? {}) as Query)
    const fixed = Object.keys(asked.words).find((name) => !WORDS.has(name))
    if (fixed) throw fieldFailure('invalid_query', fixed, 'is set by the report')
    const query = { ...own.words, ...asked.words, $and: [own.conditions, asked.conditions] }
    return this.service.find({ ...call, query, access, plan: parseQuery(gate, query) })
  }

  private requireReadable(gate: Parameters<typeof parseQuery>[0]): void {
    try {
      parseQuery(gate, this.report.query)
    } catch {
      throw failure('not_allowed')
    }
  }
}
