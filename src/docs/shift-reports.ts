import { resourceNamed } from '../schemas/index.ts'
import { parameterRef, schemaRef } from './components.ts'
import { answer } from './operations.ts'
import { errorResponses, routeReasons } from './reasons.ts'
import { recordExample } from './records.ts'
import type { Json } from './wire.ts'

/** An X report: the content of a closing, and what must be there. */
export function shiftReportSchemas(): Json {
  const { content, expected } = resourceNamed('shift-closings').all
  return {
    ShiftReport: {
      type: 'object',
      properties: {
        id: { type: 'string', format: 'uuid' },
        shift: schemaRef('Shift'),
        ...(content!.schema.properties as Json),
        expected: expected!.schema
      },
      required: ['id', 'shift', 'sales', 'late', 'voids', 'refunds', 'numbers', 'taxes', 'movements']
    }
  }
}

function example(): Json {
  const [shift, closing] = ['shifts', 'shift-closings'].map((name) => recordExample(resourceNamed(name))) as [
    Json,
    Json
  ]
  return { id: shift.id, shift, ...(closing.content as Json), expected: closing.expected }
}

/** `GET /shift-reports/<shift>`. */
export const shiftReportPaths = (): Json => ({
  '/shift-reports/{id}': {
    get: {
      tags: ['shifts'],
      operationId: 'getShiftReport',
      summary: 'The X report of a shift: what its closing would say now',
      description:
        'Changes nothing and takes no number. For whoever may read the shift. Where the branch counts blind, an open shift is reported without `payments`, `cash` and `expected` to those who may not override shift closings.',
      parameters: [parameterRef('Id')],
      responses: {
        200: answer('The figures', schemaRef('ShiftReport'), example()),
        ...errorResponses(routeReasons.shiftReport)
      }
    }
  }
})
