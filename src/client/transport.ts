import type { Method } from './service.ts'

/** One call of a service's method. */
export interface Call {
  path: string
  method: Method
  id?: string
  data?: object
  query?: Record<string, unknown>
}

/** A way to the server. */
export interface Transport {
  /** Makes the call once. @throws a RegalError */
  call(call: Call, token: string | undefined): Promise<unknown>
}

/** A service as Feathers' clients offer it. */
export interface RemoteService {
  find(params: object): Promise<unknown>
  get(id: string, params: object): Promise<unknown>
  create(data: object, params: object): Promise<unknown>
  patch(id: string, data: object, params: object): Promise<unknown>
  remove(id: string, params: object): Promise<unknown>
}

export function invoke(service: RemoteService, { method, id = '', data = {} }: Call, params: object): Promise<unknown> {
  switch (method) {
    case 'find':
      return service.find(params)
    case 'get':
      return service.get(id, params)
    case 'create':
      return service.create(data, params)
    case 'patch':
      return service.patch(id, data, params)
    case 'remove':
      return service.remove(id, params)
  }
}
