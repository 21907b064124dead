import { cleanRecord } from '../schemas/clean.ts'
import { resourceNamed } from '../schemas/index.ts'

/**
 * The data of a create as the validation of a request would leave it. Hooks trust calls from inside the process; what a
 * person typed, or a program made up, is checked all the same. @throws BadRequest with every fault
 */
export function clean(path: string, data: Record<string, unknown>): Record<string, unknown> {
  const { all, input } = resourceNamed(path)
  const fields = { ...all, ...input }
  return cleanRecord(fields, data, { complete: true, allowed: (name) => !fields[name]!.readOnly })
}
