import type {
  Create,
  FieldName,
  Page,
  Patch,
  Path,
  Query,
  ResourceName,
  Result,
  Row,
  Total,
  View,
  Where
} from './query.ts'
import type { Resources } from './resources.ts'

export type Method = 'find' | 'get' | 'create' | 'patch' | 'remove'
export type EventName = 'created' | 'patched' | 'removed'
type Counted<T> = T extends false | 'none' ? undefined : number

/** Every method a resource may offer. All throw a `RegalError`. */
interface Methods<N extends ResourceName> {
  /** A page of records. */
  find<const S extends FieldName<N> = never, const I extends Path<N> = never, const T extends Total = true>(params?: {
    query?: Query<N, S, I, T>
  }): Promise<Page<Result<N, S, I>, Counted<T>>>
  get<const S extends FieldName<N> = never, const I extends Path<N> = never>(
    id: string,
    params?: { query?: View<N, S, I> }
  ): Promise<Result<N, S, I>>
  /** Made once, however often it has to be sent: the client makes the id where `data` has none. */
  create(data: Create<N>): Promise<Row<N>>
  /** With `version` in it, sent again when no answer came; without, only when it was certainly not carried out. */
  patch(id: string, data: Patch<N>, params?: { query?: Where<N> }): Promise<Row<N>>
  /** Sent again only when it was certainly not carried out. */
  remove(id: string, params?: { query?: Where<N> }): Promise<Row<N>>
}

/** A resource as this client offers it. */
export type Service<N extends ResourceName> = Pick<Methods<N>, Resources[N]['methods'] & Method> & {
  /** Every record of the query, page by page, each once even while others are made. */
  all<const S extends FieldName<N> = never, const I extends Path<N> = never>(params?: {
    query?: Omit<Query<N, S, I>, '$skip' | '$after' | '$total'>
  }): AsyncIterableIterator<Result<N, S, I>>
}

/** A resource over a socket, which tells of changes too. */
export type LiveService<N extends ResourceName> = Service<N> & {
  /** Tells of every change that the reader may see. Answers the function that stops it. */
  on(event: EventName, listener: (record: Row<N>) => void): () => void
}
