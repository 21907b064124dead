import type { Context, Middleware } from 'koa'
import { failure } from '../errors.ts'
import { isResource } from '../schemas/index.ts'

const ADDRESS = /^\/([a-z-]+)\/query\/?$/

/**
 * `POST /<resource>/query` is the list whose query is the body: for what does not fit an address, and with the types
 * of JSON. From here on it is a `find` like any other, under the same rules.
 */
export const postedQuery: Middleware = (ctx, next) => {
  const name = ctx.method === 'POST' ? ADDRESS.exec(ctx.path)?.[1] : undefined
  if (!name || !isResource(name)) return next()
  const { request, feathers } = ctx as Context & { request: { body?: unknown }; feathers: object }
  // Two queries, one in the address and one in the body, would leave open which holds.
  if (ctx.querystring) throw failure('invalid_query')
  const { body = {} } = request
  Object.assign(feathers, { query: body, typed: true })
  ctx.method = 'GET'
  ctx.path = `/${name}`
  return next()
}
