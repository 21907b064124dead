import type { Report } from '../reports/define.ts'
import { reports } from '../reports/index.ts'
import { resourceNamed } from '../schemas/index.ts'
import { pascal, schemaRef } from './components.ts'
import { answer } from './operations.ts'
import { errorResponses, reasonsOf } from './reasons.ts'
import { rolesText } from './roles.ts'
import type { Json } from './wire.ts'

const WORDS = ['Limit', 'Skip', 'Total']

const operation = ({ name, title, of }: Report): Json => ({
  operationId: `report${pascal(name)}`,
  summary: title,
  tags: ['reports'],
  description: `Groups and measures of ${of}, over what the caller may read of them. Conditions on fields of ${of} narrow it, as in a list. ${rolesText(resourceNamed(of), 'find')}`,
  parameters: WORDS.map((word) => ({ $ref: `#/components/parameters/${word}` })),
  responses: {
    200: answer('Groups', schemaRef('GroupPage'), { total: 0, limit: 1000, skip: 0, data: [] }),
    ...errorResponses(reasonsOf(resourceNamed(of), 'find'))
  }
})

/** `GET /reports/<name>` of every report. */
export const reportPaths = (): Json =>
  Object.fromEntries(reports.map((report) => [`/reports/${report.name}`, { get: operation(report) }]))

export const reportTags: Json[] = reports.length
  ? [{ name: 'reports', description: 'Groups and measures that are asked for again and again.' }]
  : []
