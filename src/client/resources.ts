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
    create: CreateOf<Definitions[N]>
    patch: PatchOf<Definitions[N]>
    methods: MethodsOf<Definitions[N]>
    relations: RelationsOf<Definitions[N]>
    lists: ChildrenOf<Definitions[N]>
  }
}
