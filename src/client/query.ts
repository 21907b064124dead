import type { Resources } from './resources.ts'

export type ResourceName = keyof Resources
/** A record as it is read by somebody who may see all of it; what your role may not read is missing. */
export type Row<N extends ResourceName> = Resources[N]['row']
/** What a create takes. */
export type Create<N extends ResourceName> = Resources[N]['create']
/** What a patch takes. With `version` it is refused when the record has changed since. */
export type Patch<N extends ResourceName> = Resources[N]['patch']

/** Names of `T` whose values are text, numbers or flags: what can be compared. */
type Comparable<T> = { [K in keyof T]-?: [NonNullable<T[K]>] extends [string | number | boolean] ? K : never }[keyof T]
type Plain<N extends ResourceName> = Exclude<Comparable<Resources[N]['fields']>, Resources[N]['computed']>
type Value<N extends ResourceName, K> = K extends keyof Resources[N]['fields']
  ? NonNullable<Resources[N]['fields'][K]>
  : never

interface Equality<V> {
  $ne?: V | null
  $in?: readonly V[]
  $nin?: readonly V[]
  /** `true`: where there is none. */
  $null?: boolean
}
interface Order<V> {
  $lt?: V
  $lte?: V
  $gt?: V
  $gte?: V
}
type Operators<V> = [V] extends [boolean] ? Equality<V> : Equality<V> & Order<V>

/** Conditions on the fields of a resource, or of its relations: `'vendor.name': 'Harbour'`. */
export type Where<N extends ResourceName> = {
  [K in Plain<N>]?: Value<N, K> | null | Operators<Value<N, K>>
} & { [path in `${RelationName<N> | ListName<N>}.${string}`]?: unknown } & {
  $or?: readonly Where<N>[]
  $and?: readonly Where<N>[]
}

type Relations<N extends ResourceName> = Resources[N]['relations']
type Lists<N extends ResourceName> = Resources[N]['lists']
type RelationName<N extends ResourceName> = keyof Relations<N> & string
type ListName<N extends ResourceName> = keyof Lists<N> & string

/** A relation or list of the resource, or of one of those: `items.product`. */
export type Path<N extends ResourceName> = RelationName<N> | ListName<N> | `${RelationName<N> | ListName<N>}.${string}`
export type FieldName<N extends ResourceName> = keyof Resources[N]['fields'] & string
export type Total = boolean | 'exact' | 'estimated' | 'none'

/** What one record can be asked for with. */
export interface View<N extends ResourceName, S extends FieldName<N>, I extends Path<N>> {
  /** Only these fields, and the id. */
  $select?: readonly S[]
  /** Records that belong to it: `['vendor', 'items.product']`. */
  $include?: readonly I[]
}

/** What a list can be asked for with. */
export type Query<
  N extends ResourceName,
  S extends FieldName<N> = FieldName<N>,
  I extends Path<N> = Path<N>,
  T extends Total = Total,
  A extends string = string
> = Where<N> &
  View<N, S, I> & {
    $sort?: { [K in Plain<N>]?: 1 | -1 }
    /** At most this many records: 50 unless said, 200 at most. */
    $limit?: number
    $skip?: number
    /** Words to look for in the fields that are searched. */
    $search?: string
    /** How to count all records that match; `none` is the fastest. */
    $total?: T
    /** The record after which to go on: `''` for the first page, then `next` of the page before. */
    $after?: A
  }

/** One object type in place of an intersection, so that a hint in an editor reads as the record does. */
type Simple<T> = T extends unknown ? { [K in keyof T]: T[K] } : never

/** The part of a record that `$select` leaves; a name in a group (`total`) leaves that part of the group (`totals`). */
type Selected<T, S> = {
  [K in keyof T as K extends S | 'id' ? K : keyof T[K] & S extends never ? never : GroupName<T, K>]: K extends S | 'id'
    ? T[K]
    : Pick<T[K], keyof T[K] & S>
}
type GroupName<T, K extends keyof T> = T[K] extends readonly unknown[] | string | number | boolean | null ? never : K

type Head<I> = I extends `${infer H}.${string}` ? H : I
type Tail<I, H extends string> = I extends `${H}.${infer Rest}` ? Rest : never
type Target<Map, H> = H extends keyof Map ? (Map[H] extends ResourceName ? Map[H] : never) : never

type With<N extends ResourceName, T, I> = [I] extends [never]
  ? T
  : Simple<
      Omit<T, Head<I> & string> & {
        [H in Head<I> & RelationName<N>]: With<Target<Relations<N>, H>, Row<Target<Relations<N>, H>>, Tail<I, H>> | null
      } & {
        [H in Head<I> & ListName<N>]: With<Target<Lists<N>, H>, Row<Target<Lists<N>, H>>, Tail<I, H>>[]
      }
    >

/** The records a query answers: cut to `$select`, with what `$include` names. */
export type Result<N extends ResourceName, S, I> = With<
  N,
  [S] extends [never] ? Row<N> : Simple<Selected<Row<N>, S>>,
  I
>

/** A page of a list. */
export interface Page<T, Counted = number> {
  /** How many records match in all; not there with `$total: 'none'`, nor with `$after` unless asked for. */
  total: Counted
  /** The total is a guess. */
  total_estimated?: true
  limit: number
  skip: number
  data: T[]
  /** With `$after`: where the next page starts, or null after the last. */
  next?: string | null
}
/** The type of `total` in the answer to a query with `$total: T` and `$after: A`. */
export type Counted<T, A> = [T] extends [never]
  ? [A] extends [never]
    ? number
    : undefined
  : T extends false | 'none'
    ? undefined
    : number

type Fields<N extends ResourceName> = Resources[N]['fields']
/** Names of fields that hold numbers, as numbers or as decimal text. */
export type Measured<N extends ResourceName> = {
  [K in Plain<N>]: [NonNullable<Fields<N>[K & keyof Fields<N>]>] extends [string | number] ? K : never
}[Plain<N>] &
  string

/** A field, also of a relation, and for dates the period. */
export type GroupKey<N extends ResourceName> =
  | `${Plain<N> & string}${'' | `:${'day' | 'week' | 'month' | 'quarter' | 'year'}`}`
  | `${RelationName<N>}.${string}`

/** What groups can be asked for with: `$group: ['status', 'created_at:month'], $sum: ['total'], $sort: { count: -1 }`. */
export type GroupQuery<
  N extends ResourceName,
  G extends GroupKey<N>,
  Sum extends Measured<N>,
  Avg extends Measured<N>,
  Min extends Measured<N>,
  Max extends Measured<N>
> = Where<N> & {
  /** Fields, of relations too (`product.category_id`), and dates by `:day`, `:week`, `:month`, `:quarter`, `:year`. */
  $group?: readonly G[]
  $sum?: readonly Sum[]
  $avg?: readonly Avg[]
  $min?: readonly Min[]
  $max?: readonly Max[]
  $count?: boolean
  /** By a key of the groups, `count`, or a measure: `sum.total`. */
  $sort?: { [by: string]: 1 | -1 }
  $limit?: number
  $skip?: number
  $search?: string
  $total?: Total
}

type Measures<N extends ResourceName, Name extends string, K extends string> = [K] extends [never]
  ? unknown
  : { [M in Name]: { [F in K]: F extends keyof Fields<N> ? Fields<N>[F] | null : never } }

/** One group: its keys, how many records it has, its measures. `count` is there unless there are only measures. */
export type Group<
  N extends ResourceName,
  G extends string,
  Sum extends string,
  Avg extends string,
  Min extends string,
  Max extends string
> = Simple<
  { group: { [K in G]: string | number | boolean | null }; count?: number } & Measures<N, 'sum', Sum> &
    Measures<N, 'avg', Avg> &
    Measures<N, 'min', Min> &
    Measures<N, 'max', Max>
>
