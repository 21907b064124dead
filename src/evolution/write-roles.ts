import { quote, type TableModel } from '../schemas/model.ts'
import type { Snapshot } from './snapshot.ts'
import type { Writing } from './writing.ts'

/** New names by old ones; null for what is no more. */
type Names = Record<string, string | null>

/** What rules that speak of a resource must say from now on. `keys` are those of conditions, `vendor.name` too. */
interface Renaming {
  name: string | null
  fields: Names
  keys: Names
}

/** The columns of a table that have another name or are gone. */
function columnNames(before: TableModel, after: TableModel | undefined): Names {
  const names: Names = {}
  for (const [id, { name }] of Object.entries(before.columns)) {
    const now = after?.columns[id]?.name ?? null
    if (now !== name) names[name] = now
  }
  return names
}

const relationOf = (column: string) => (column.endsWith('_id') ? column.slice(0, -3) : undefined)

/** Conditions may look through a reference: each such path that has another name, at its start or its end. */
function pathNames(table: TableModel, before: Snapshot, after: Snapshot): Names {
  const names: Names = {}
  for (const { fields, target } of Object.values(table.constraints)) {
    const column = target ? table.columns[fields[0]!] : undefined
    const relation = column && relationOf(column.name)
    if (!column || !relation || !before[target!]) continue
    const now = after[table.id]?.columns[fields[0]!]?.name
    const renamed = now && relationOf(now)
    for (const [id, { name }] of Object.entries(before[target!]!.columns)) {
      const inner = after[target!]?.columns[id]?.name
      const path = renamed && inner ? `${renamed}.${inner}` : null
      if (path !== `${relation}.${name}`) names[`${relation}.${name}`] = path
    }
  }
  return names
}

/** By the resource's name as the rules have it. */
function renamings(before: Snapshot, after: Snapshot): Record<string, Renaming> {
  const found: Record<string, Renaming> = {}
  for (const table of Object.values(before)) {
    const now = after[table.id]
    const fields = columnNames(table, now)
    const keys = { ...fields, ...pathNames(table, before, after) }
    const name = now?.resource ?? null
    if (name !== table.resource || Object.keys(keys).length) found[table.resource] = { name, fields, keys }
  }
  return found
}

/**
 * A rule that speaks of several resources is taken apart, as only one of them may have the new name of a field. A rule
 * with a condition on a field that is no more goes: without the condition it would reach more rows than it did.
 */
const functions = (renames: string) => [
  `create function pg_temp.renamed_keys(given jsonb, names jsonb) returns jsonb language plpgsql as $$
declare
  result jsonb := '{}';
  key text;
  value jsonb;
begin
  for key, value in select * from jsonb_each(given) loop
    if key in ('$and', '$or') then
      select jsonb_agg(pg_temp.renamed_keys(part, names) order by n) into value
        from jsonb_array_elements(value) with ordinality parts (part, n);
      if jsonb_path_exists(value, '$[*] ? (@ == null)') then
        return null;
      end if;
    elsif names -> key = 'null' then
      return null;
    end if;
    result := result || jsonb_build_object(coalesce(names ->> key, key), coalesce(value, '[]'));
  end loop;
  return result;
end $$`,
  `create function pg_temp.renamed_rule(rule jsonb, subject text, change jsonb) returns jsonb language plpgsql as $$
declare
  fields jsonb;
  conditions jsonb;
begin
  if change is null then
    return rule || jsonb_build_object('subject', jsonb_build_array(subject));
  elsif change -> 'name' = 'null' then
    return null;
  end if;
  rule := rule || jsonb_build_object('subject', jsonb_build_array(change -> 'name'));
  if rule ? 'fields' then
    select jsonb_agg(coalesce(change -> 'fields' -> (field #>> '{}'), field) order by n) into fields
      from jsonb_array_elements(rule -> 'fields') with ordinality list (field, n)
      where change -> 'fields' -> (field #>> '{}') is distinct from 'null';
    if fields is null then
      return null;
    end if;
    rule := rule || jsonb_build_object('fields', fields);
  end if;
  if rule ? 'conditions' then
    conditions := pg_temp.renamed_keys(rule -> 'conditions', change -> 'keys');
    if conditions is null then
      return null;
    end if;
    rule := rule || jsonb_build_object('conditions', conditions);
  end if;
  return rule;
end $$`,
  `create function pg_temp.renamed_rules(rules jsonb) returns jsonb language sql as $$
  with changes as (select ${renames}::jsonb as list),
  given as (select rule, n from jsonb_array_elements(rules) with ordinality given (rule, n)),
  renamed as (
    select n, m, pg_temp.renamed_rule(rule, subject, list -> subject) as rule
    from given, changes, jsonb_array_elements_text(rule -> 'subject') with ordinality subjects (subject, m)
  ),
  -- What one rule said of several resources stays one rule where it still says the same of them.
  joined as (
    select n, min(m) as m, rule - 'subject' || jsonb_build_object('subject', jsonb_agg(rule -> 'subject' -> 0 order by m)) as rule
    from renamed where rule is not null group by n, rule - 'subject'
  )
  select coalesce(jsonb_agg(rule order by n, m), '[]') from joined
$$`
]

/**
 * Rules of roles that name what is renamed name it by its new name, so that nobody loses what they may do. A built-in
 * role that nobody edited keeps version 1, by which it goes on following the program.
 */
export function roleRulesSql({ before, after }: Writing): string[] {
  const changes = renamings(before, after)
  if (!Object.keys(changes).length) return []
  return [
    ...functions(quote(JSON.stringify(changes))),
    `with old as (
    select id, version, permissions, pg_temp.renamed_rules(permissions) as renamed from roles for update
  ), changed as (
    update roles r set permissions = old.renamed,
      version = r.version + case when r.is_builtin and r.version = 1 then 0 else 1 end, updated_at = clock_timestamp()
    from old where r.id = old.id and old.renamed <> old.permissions returning r.id
  )
  insert into audit_logs (id, action, resource, record_id, before, after)
  select gen_random_uuid(), 'patch', 'roles', id, jsonb_build_object('permissions', permissions),
    jsonb_build_object('permissions', renamed)
  from changed join old using (id)`
  ]
}
