import type { Application } from '@feathersjs/koa'
import type { Context } from 'koa'
import type { Hook, HookContext } from '../hooks/types.ts'
import type { Call } from '../policy/call.ts'

/** A call of a resource, as the hooks are given it. */
export interface Called {
  path: string
  method: string
  query: Record<string, unknown>
  id?: string
  data?: unknown
}

/** The context of a call whose body or answer is a file. Who has one has a line in the log, so the edge writes none. */
export function contextOf(ctx: Context, app: Application, { query, ...called }: Called): HookContext {
  const given = (ctx as unknown as { feathers: Call }).feathers
  const params = { ...given, headers: ctx.headers, query }
  const context = { app, type: 'around', ...called, params } as unknown as HookContext
  ;(ctx as { hook?: HookContext }).hook = context
  return context
}

/** Runs `work` behind the hooks of every call; their headers go into the answer, be it a refusal. */
export async function behind(
  ctx: Context,
  hooks: readonly Hook[],
  context: HookContext,
  work: () => Promise<void>
): Promise<void> {
  const run = (i: number): Promise<void> => (i < hooks.length ? hooks[i]!(context, () => run(i + 1)) : work())
  try {
    await run(0)
  } finally {
    ctx.set((context.http?.headers ?? {}) as Record<string, string>)
  }
}
