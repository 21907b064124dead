import type { Definitions } from '../schemas/index.ts'
import type {
  ChildrenOf,
  ComputedOf,
  CreateOf,
  FieldsOf,
  MethodsOf,
  PatchOf,
  RelationsOf,
  RowOf
} from '../schemas/infer.ts'

/**
 * What the client knows of every resource: its records, what is sent, what is offered. Inferred here; the package for
 * other programs has the same types printed in this file's place (scripts/client-types.ts).
 */
export type Resources = {
  [N in keyof Definitions]: {
    row: RowOf<Definitions[N], Definitions>
    fields: FieldsOf<Definitions[N]>
    computed: ComputedOf<Definitions[N]>
    create: 'create' extends MethodsOf<Definitions[N]> ? CreateOf<Definitions[N]> : never
    patch: 'patch' extends MethodsOf<Definitions[N]> ? PatchOf<Definitions[N]> : never
    methods: MethodsOf<Definitions[N]>
    relations: RelationsOf<Definitions[N]>
    lists: ChildrenOf<Definitions[N]>
  }
}
