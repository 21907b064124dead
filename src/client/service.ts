import type {
  Counted,
  Create,
  FieldName,
  Group,
  GroupKey,
  GroupQuery,
  Measured,
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
/** `low` is told of stock levels: one fell below the product's limit. */
export type EventName = 'created' | 'patched' | 'removed' | 'low'

/** Every method a resource may offer. All throw a `RegalError`. */
interface Methods<N extends ResourceName> {
  /** A page of records. */
  find<
    const S extends FieldName<N> = never,
    const I extends Path<N> = never,
    const T extends Total = never,
    const A extends string = never
  >(params?: { query?: Query<N, S, I, T, A> }): Promise<Page<Result<N, S, I>, Counted<T, A>>>
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
  /** Groups of the records with their counts, sums and extremes, at most 1000. */
  groups<
    const G extends GroupKey<N> = never,
    const Sum extends Measured<N> = never,
    const Avg extends Measured<N> = never,
    const Min extends Measured<N> = never,
    const Max extends Measured<N> = never
  >(params: { query: GroupQuery<N, G, Sum, Avg, Min, Max> }): Promise<Page<Group<N, G, Sum, Avg, Min, Max>>>
}

/** A resource over a socket, which tells of changes too. */
export type LiveService<N extends ResourceName> = Service<N> & {
  /** Tells of every change that the reader may see. Answers the function that stops it. */
  on(event: EventName, listener: (record: Row<N>) => void): () => void
}
