import type { Resource } from './define.ts'
import type { Field, Wire } from './fields.ts'

/** One object type in place of an intersection, so that a hint in an editor reads as the record does. */
export type Simple<T> = T extends unknown ? { [K in keyof T]: T[K] } : never

type Parts<R> =
  R extends Resource<infer F, string, infer I, infer C, infer M, infer Changes>
    ? { fields: F; input: I; children: C; method: M; changes: Changes }
    : never

/** Names of the fields of `F` that are marked so. */
type Marked<F, Mark extends keyof Field, V = true> = {
  [N in keyof F]: F[N] extends Record<Mark, V> ? N : never
}[keyof F]
type Readable<F> = Omit<F, Marked<F, 'secret'>>
type Settable<F> = Omit<F, Marked<F, 'readOnly'>>
type Patchable<F> = Omit<F, Marked<F, 'readOnly'> | Marked<F, 'fixed'>>
type Wires<F> = { [N in keyof F]: Wire<F[N]> }

type Made = { id: string; created_at: string }
type Stamps<Changes> = Changes extends true ? Made & { updated_at: string; version: number } : Made
type Groups<F> = { [N in keyof F]: F[N] extends { under: infer G extends string } ? G : never }[keyof F]
type GroupOf<F, G> = { [N in keyof F as F[N] extends { under: G } ? N : never]: Wire<F[N]> }

/** Every field that may be read by its plain name, as filters, sorts and `$select` name it. */
export type FieldsOf<R> =
  Parts<R> extends { fields: infer F; changes: infer Changes } ? Simple<Stamps<Changes> & Wires<Readable<F>>> : never

/** A record as it is read: fields grouped (`totals`), without what is embedded in it. */
type PlainRow<R> =
  Parts<R> extends { fields: infer F; changes: infer Changes }
    ? Stamps<Changes> & {
        [N in keyof Readable<F> as F[N] extends { under: string } ? never : N]: Wire<F[N]>
      } & { [G in Groups<Readable<F>>]: Simple<GroupOf<F, G>> }
    : never

type Embedded<R, All> =
  Parts<R> extends { children: infer C }
    ? { -readonly [N in keyof C as C[N] extends { embed: true } ? N : never]: Simple<PlainRow<At<All, C[N]>>>[] }
    : never
type At<All, Child> = Child extends { resource: infer N } ? (N extends keyof All ? All[N] : never) : never

/** A record as it is read. `All` are the definitions by name, in which the records embedded in it are looked up. */
export type RowOf<R, All = Record<never, never>> = Simple<PlainRow<R> & Embedded<R, All>>

type Optional<F> = { [N in keyof F]: F[N] extends { optional: true } ? N : never }[keyof F]
type Create<F> = { [N in Exclude<keyof F, Optional<F>>]: Wire<F[N]> } & { [N in Optional<F>]?: Wire<F[N]> }

/** What a create takes; the id may be made by the client. */
export type CreateOf<R> =
  Parts<R> extends { fields: infer F; input: infer I } ? Simple<{ id?: string } & Create<Settable<F> & I>> : never

/** What a patch takes; with `version` it is refused when the record has changed since. */
export type PatchOf<R> =
  Parts<R> extends { fields: infer F; input: infer I }
    ? Simple<{ version?: number } & Partial<Wires<Patchable<F>> & Wires<Patchable<I>>>>
    : never

/** Relation name -> name of the resource it points to: `vendor_id` gives `vendor`. */
export type RelationsOf<R> =
  Parts<R> extends { fields: infer F }
    ? Simple<{
        [N in keyof F as F[N] extends { ref: string }
          ? N extends `${infer Name}_id`
            ? Name
            : never
          : never]: F[N] extends { ref: infer To } ? To : never
      }>
    : never

/** Name of a list of records that belong to this one -> their resource: `items`. */
export type ChildrenOf<R> =
  Parts<R> extends { children: infer C }
    ? Simple<{ -readonly [N in keyof C]: C[N] extends { resource: infer To } ? To : never }>
    : never

export type ComputedOf<R> =
  Parts<R> extends { fields: infer F } ? Marked<F, 'computed', NonNullable<Field['computed']>> : never
export type MethodsOf<R> = Parts<R> extends { method: infer M } ? M : never
