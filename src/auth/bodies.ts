import { type Static, type TSchema, Type } from '@feathersjs/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import { failure } from '../errors.ts'

const ajv = new Ajv({ allErrors: true })
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const name = text(254)
const password = text(200)
const token = text(2000)

/** Only the named fields, each a plain string: an object with an operator in place of a string is 400, not a search. */
const strings = <T extends Record<string, TSchema>>(fields: T) => Type.Object(fields, { additionalProperties: false })

/** Answers a function that gives back a body of that shape. The function throws 400 invalid_data with every path at fault. */
function checker<T extends TSchema>(schema: T): (body: unknown) => Static<T> {
  const validate = ajv.compile<Static<T>>(schema)
  return (body) => {
    if (validate(body)) return body
    throw failure('invalid_data', { errors: (validate.errors ?? []).map(problemOf) })
  }
}

function problemOf({ keyword, params, instancePath, message = '' }: ErrorObject): { path: string; message: string } {
  if (keyword === 'required') return { path: params.missingProperty, message: 'is required' }
  if (keyword === 'additionalProperties') return { path: params.additionalProperty, message: 'is not a field' }
  return { path: instancePath.slice(1), message }
}

export const loginBody = checker(strings({ username: name, password }))
export const refreshBody = checker(strings({ refresh_token: token }))
export const strategyBody = checker(Type.Object({ strategy: text(40) }))
export const jwtBody = checker(strings({ strategy: Type.String(), accessToken: token }))

const localFields = checker(
  strings({ strategy: Type.String(), username: Type.Optional(name), email: Type.Optional(name), password })
)

/** Feathers' local strategy: the user is named by `username` or `email`, one of them. */
export function localBody(body: unknown): { username: string; password: string } {
  const { username, email, password } = localFields(body)
  const named = username ?? email
  if (named === undefined) throw failure('invalid_data', { errors: [{ path: 'username', message: 'is required' }] })
  if (username !== undefined && email !== undefined)
    throw failure('invalid_data', { errors: [{ path: 'email', message: 'cannot be given with username' }] })
  return { username: named, password }
}
