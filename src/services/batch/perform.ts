// Whole: it is CommonJS, and Node finds only some of its names by itself.
import feathersjs from '@feathersjs/feathers'
import type { Application } from '@feathersjs/koa'
import type { HookContext } from '../../hooks/types.ts'
import type { Operation } from './operations.ts'
import type { Perform } from './service.ts'

const ARGUMENTS: Record<Operation['method'], (operation: Operation) => unknown[]> = {
  create: ({ data }) => [data],
  patch: ({ id, data }) => [id, data],
  remove: ({ id }) => [id],
  get: ({ id }) => [id]
}

type Method = (...given: unknown[]) => Promise<HookContext>

/** Calls services as the transports do: with a context of the call's own, which holds what its caller may see. */
export const throughHooks =
  (app: Application): Perform =>
  async (operation, params) => {
    const { method, resource } = operation
    const service = app.service(resource) as unknown as Record<string, Method>
    const context = feathersjs.createContext(service as never, method)
    const { dispatch, result } = await service[method]!(...ARGUMENTS[method](operation), params, context)
    return dispatch ?? result
  }
