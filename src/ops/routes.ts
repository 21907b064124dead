import { timingSafeEqual } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import type { Regal } from '../app.ts'
import { pendingOf, readMigrations } from '../database/migrate.ts'
import { descriptorsFor } from '../docs/descriptors.ts'
import { openApi } from '../docs/openapi.ts'
import { docsHeaders, docsPage } from '../docs/page.ts'
import { failure } from '../errors.ts'
import { quotaHeaders, requireQuota } from '../hooks/limit-requests.ts'
import type { Principal } from '../policy/principal.ts'
import { metricsText } from './metrics.ts'

type Route = (ctx: Context, regal: Regal) => Promise<void> | void

/** Ready: the database answers within half a second, its migrations are ours, and we are not stopping. */
async function isReady({ database, draining }: Regal): Promise<boolean> {
  if (draining) return false
  const late = new Promise<never>((_, reject) => setTimeout(reject, 500, new Error('late')).unref())
  try {
    const query = database.query<{ name: string; checksum: string }>('select name, checksum from schema_migrations')
    const applied = await Promise.race([query, late])
    return pendingOf(await readMigrations(), applied).length === 0
  } catch {
    return false
  }
}

const isToken = (given: string, token: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Counts the request as those of the services are. Health and metrics are asked for by machines of the house, as often as they like. */
async function counted(ctx: Context, { auth }: Regal, principal?: Principal): Promise<void> {
  const quota = await auth.limits.request(principal?.user.id, (ctx as { feathers?: { ip?: string } }).feathers?.ip)
  ctx.set(quotaHeaders(quota))
  requireQuota(quota)
}

/** The API's description, made when first asked for: it is the same for as long as the process lives. */
let document: string | undefined

const routes: Record<string, Route> = {
  '/health/live': (ctx) => {
    ctx.body = { status: 'live' }
  },
  '/health/ready': async (ctx, regal) => {
    const ready = await isReady(regal)
    ctx.status = ready ? 200 : 503
    ctx.body = { status: ready ? 'ready' : 'not ready' }
  },
  // Off without a token: figures about the shop's traffic are nobody's business.
  '/metrics': async (ctx, regal) => {
    const token = regal.settings.metrics_token
    if (!token) throw failure('no_route')
    if (!isToken(ctx.get('authorization'), `Bearer ${token}`)) throw failure('not_signed_in')
    const text = await metricsText(regal)
    ctx.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
    ctx.body = text
  },
  '/openapi.json': async (ctx, regal) => {
    await counted(ctx, regal)
    document ??= JSON.stringify(openApi())
    ctx.type = 'json'
    ctx.body = document
  },
  '/docs': async (ctx, regal) => {
    await counted(ctx, regal)
    ctx.set(docsHeaders)
    ctx.body = docsPage
  },
  '/schema': async (ctx, regal) => {
    const token = /^bearer (\S+)$/i.exec(ctx.get('authorization'))?.[1]
    const principal = token === undefined ? undefined : await regal.auth.sessions.authenticate(token)
    await counted(ctx, regal, principal)
    if (!principal) throw failure('not_signed_in')
    ctx.body = descriptorsFor(principal.access)
  }
}

/** Addresses that are no service: health, metrics, the API's description. */
export const operations =
  (regal: Regal): Middleware =>
  async (ctx, next) => {
    const route = Object.hasOwn(routes, ctx.path) ? routes[ctx.path] : undefined
    if (!route) return next()
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw failure('no_method')
    await route(ctx, regal)
  }
