import { DomainError } from '../../src/domain/errors.ts'

/** What `assert.throws` should find: a DomainError of this code, at this path where one is named. */
export function refused(code: string, path?: (string | number)[]) {
  return (error: unknown) =>
    error instanceof DomainError && error.code === code && JSON.stringify(error.path) === JSON.stringify(path)
}
