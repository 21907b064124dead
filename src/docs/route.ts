import type { Reason } from '../errors.ts'
import { errorResponses } from './reasons.ts'
import type { Json } from './wire.ts'

/** An operation of an address that is no resource. */
export interface Route {
  tag: string
  id: string
  summary: string
  description: string
  /** Answers by status. */
  gives: Json
  reasons: Reason[]
  /** `security`, `requestBody`, `parameters`. */
  more?: Json
}

export const operation = ({ tag, id, summary, description, gives, reasons, more }: Route): Json => ({
  tags: [tag],
  operationId: id,
  summary,
  description,
  ...more,
  responses: { ...gives, ...errorResponses(reasons) }
})
