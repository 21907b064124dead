import { type TSchema, Type } from '@feathersjs/typebox'
import type { KindName, KindOptions } from './kinds.ts'

/** One field of a resource. `T` is its type on the wire, `Optional` whether a create may leave it out. */
export interface Field<T = unknown, Optional extends boolean = boolean> {
  kind: KindName
  /** Its first name, once it has another: what it is known by to migrations for good, so that a rename is a rename. */
  id?: string
  options: KindOptions
  schema: TSchema
  nullable: boolean
  optional: Optional
  default?: T
  /** The name of an instance value that fills it when left out: the caller's branch, user, or today's business date. */
  defaultFrom?: 'branch' | 'user' | 'today'
  unique?: boolean | 'ignoring-case'
  index?: boolean
  search?: boolean
  /** Set by the server: never taken from a client. */
  readOnly?: boolean
  /** Taken from a client at the creation and never changed afterwards. */
  fixed?: boolean
  /** Column names that it must never be read by: a hash. Never selected, filtered, sorted, audited. */
  secret?: boolean
  /** Taken from a client and never kept as it came: a password. */
  writeOnly?: boolean
  /** The resource a reference points to. */
  ref?: string
  /** Presented inside this object: `total` under `totals`. Filters and sorts use the plain name. */
  under?: string
  /** Read by this SQL instead of from a column. `self` is the row's alias, `branch` a parameter with the reader's branch or null. */
  computed?: (self: string, branch: () => string) => string
}

type Options<T> = Partial<
  Pick<
    Field<T>,
    | 'id'
    | 'unique'
    | 'index'
    | 'search'
    | 'readOnly'
    | 'writeOnly'
    | 'fixed'
    | 'secret'
    | 'under'
    | 'defaultFrom'
    | 'default'
  >
> &
  KindOptions
/** What the static types of records are told of a field beside its type: these options, literally. See infer.ts. */
type Mark = 'readOnly' | 'fixed' | 'secret' | 'under' | 'ref'
type Marks<O> = { [K in Mark as O extends Record<K, true | string> ? K : never]: O[K & keyof O] }
/** A list as a default is written in a definition: nobody changes it. */
type Constant<T> = T extends (infer Item)[] ? readonly Item[] : T
/** The wire type of a field. */
export type Wire<F> = F extends Field<infer T, boolean> ? T : never
type Given<O> = O extends { default: unknown } | { defaultFrom: string } | { readOnly: true } ? true : false

function field<T, const O extends Options<unknown>>(
  kind: KindName,
  schema: TSchema,
  given: O | undefined
): Field<T, Given<O>> & Marks<O> {
  const { max, min, pattern, values, scale, positive, ...rest } = given ?? ({} as O)
  const optional = (rest.default !== undefined || rest.defaultFrom !== undefined || rest.readOnly === true) as Given<O>
  return {
    kind,
    schema,
    nullable: false,
    optional,
    ...rest,
    options: { max, min, pattern, values, scale, positive }
  } as unknown as Field<T, Given<O>> & Marks<O>
}

const decimalText = (description: string) =>
  Type.Unsafe<string>({ type: ['string', 'number'], format: 'decimal', description })

/** A line of text, trimmed; at least one character unless `min: 0`. */
export const text = <const O extends Options<string>>(options?: O) => {
  const bounds = { min: options?.min ?? 1, max: options?.max ?? 200 }
  const schema = Type.String({
    minLength: bounds.min,
    maxLength: bounds.max,
    ...(options?.pattern && { pattern: options.pattern })
  })
  return field<string, O>('text', schema, { ...options, ...bounds } as unknown as O)
}
/** An amount in the installation's currency: a decimal string such as "12.50". */
export const money = <const O extends Options<string>>(options?: O) =>
  field<string, O>('money', decimalText('Amount in the shop currency'), options)
/** A decimal that is not money (a rate, an average cost), as a string with `scale` decimals. */
export const decimal = <const O extends Options<string>>(options?: O) =>
  field<string, O>('decimal', decimalText('Decimal'), options)
/** A percentage from 0 to 100 with up to 4 decimals, as a decimal string. */
export const percent = <const O extends Options<string>>(options?: O) =>
  field<string, O>('decimal', decimalText('Percent'), {
    scale: 4,
    positive: true,
    max: 100,
    ...options
  } as unknown as O)
/** A quantity: a number with up to 3 decimals. */
export const quantity = <const O extends Options<number>>(options?: O) =>
  field<number, O>('quantity', Type.Number({ multipleOf: 0.001 }), options)
export const integer = <const O extends Options<number>>(options?: O) =>
  field<number, O>('integer', Type.Integer(), options)
export const flag = <const O extends Options<boolean>>(options?: O) =>
  field<boolean, O>('boolean', Type.Boolean(), options)
/** A business date, `YYYY-MM-DD`. */
export const date = <const O extends Options<string>>(options?: O) =>
  field<string, O>('date', Type.String({ format: 'date' }), options)
export const instant = <const O extends Options<string>>(options?: O) =>
  field<string, O>('instant', Type.String({ format: 'date-time' }), options)
export const uuid = <const O extends Options<string>>(options?: O) =>
  field<string, O>('uuid', Type.String({ format: 'uuid' }), options)
/** Structured content checked by a schema of its own. */
export const json = <S extends TSchema, const O extends Options<Constant<S['static']>>>(schema: S, options?: O) =>
  field<S['static'], O>('json', schema, options)
export const choice = <const V extends readonly string[], const O extends Options<V[number]>>(values: V, options?: O) =>
  field<V[number], O>('choice', Type.Unsafe<V[number]>({ type: 'string', enum: [...values] }), {
    ...options,
    values
  } as unknown as O)
/** A reference to a record of another resource; `vendor_id` also yields the relation `vendor`. */
export const ref = <const Name extends string, const O extends Options<string>>(resource: Name, options?: O) => ({
  ...field<string, O>('uuid', Type.String({ format: 'uuid' }), { index: true, ...options } as unknown as O),
  ref: resource
})

/** May be left out or null. */
export function optional<const I extends Field>(inner: I): Field<Wire<I> | null, true> & Marks<I> {
  const schema = Type.Unsafe({ anyOf: [inner.schema, { type: 'null' }] })
  return { ...inner, schema, nullable: true, optional: true } as unknown as Field<Wire<I> | null, true> & Marks<I>
}

/** May be left out, and is then found by the resource's own service; never null. */
export function found<const I extends Field>(inner: I): Field<Wire<I>, true> & Marks<I> {
  return { ...inner, optional: true } as unknown as Field<Wire<I>, true> & Marks<I>
}

/** Read only, computed by SQL at each read; may be null. */
export function computed<const I extends Field>(inner: I, sql: NonNullable<Field['computed']>): Computed<Wire<I>> {
  return { ...inner, readOnly: true, optional: true, computed: sql } as unknown as Computed<Wire<I>>
}

/** A field that is read and neither written, filtered nor sorted by. */
type Computed<T> = Field<T, true> & { readOnly: true; computed: NonNullable<Field['computed']> }
