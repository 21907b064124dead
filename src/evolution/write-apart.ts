import { indexSql } from '../schemas/ddl.ts'
import { type IndexModel, ident, shortened, type TableModel } from '../schemas/model.ts'
import { orphaned, subjectOf } from './count.ts'
import { columnsOf } from './diff.ts'
import { finalSql, lostSql, mayLose } from './values.ts'
import { asideName, notValid, staysAside } from './write-transaction.ts'
import {
  alteredSql,
  byTable,
  type Change,
  changesType,
  goesWithType,
  isUnique,
  ofKind,
  type Writing
} from './writing.ts'

const BATCH = 1000

/** Which rows of a column are mended, and what they hold afterwards. `t` is the row. */
interface Mend {
  column: string
  when: string
  value: string
  secret: boolean
}

/** Values out of the new bounds, orphans, and nulls where there may be none any more. */
function mendOf(writing: Writing, { before, after, kind, key }: Change): Mend[] {
  const { fills, loss } = writing
  const id = kind === 'require' ? key : (after.constraints[key]?.fields[0] ?? '')
  const [old, now] = [before.columns[id], after.columns[id]]
  if (!now) return []
  const x = `t.${ident(now.name)}`
  const fill = fills[subjectOf(after, now)]
  const allowed = loss[subjectOf(after, now)] ?? 0
  const mend = (when: string, value: string): Mend[] => [
    { column: ident(now.name), when, value, secret: now.secret === true }
  ]
  if (kind === 'require') return fill === undefined ? [] : mend(`${x} is null`, fill)
  if (allowed === 0) return []
  if (key.startsWith('fkey:')) {
    const target = writing.after[after.constraints[key]!.target!]!.name
    return mend(orphaned(x, target), fill ?? 'null')
  }
  if (!old || !mayLose(old, now) || !key.startsWith('bounds:')) return []
  return mend(lostSql(x, old, now), finalSql(x, old, now, fill))
}

const pairs = (mends: Mend[], row: string) =>
  mends.filter(({ secret }) => !secret).map(({ column }) => `'${column.slice(1, -1)}', ${row}.${column}`)

/**
 * Mends a table a batch at a time, each batch a transaction with an audit row for every record, so that no lock is held
 * for long. Run again, it goes on with what is left.
 */
function mendSql({ id, name, columns }: TableModel, mends: Mend[]): string {
  const names = Object.values(columns).map((column) => column.name)
  const versioned = names.includes('version') ? ', version = t.version + 1, updated_at = clock_timestamp()' : ''
  const branch = id === 'branches' ? 't.id' : names.includes('branch_id') ? 't.branch_id' : 'null'
  const needed = mends.map(({ when }) => when).join(' or ')
  const sets = [...new Set(mends.map(({ column }) => column))].map((column) => {
    const ways = mends.filter((mend) => mend.column === column)
    const cases = ways.map(({ when, value }) => `when ${when} then ${value}`)
    return `${column} = case ${cases.join(' ')} else t.${column} end`
  })
  const content = (row: string) => `jsonb_build_object(${pairs(mends, row).join(', ')})`
  // A fill may hold anything.
  let tag = '$mend$'
  while (sets.some((set) => set.includes(tag))) tag = tag.replace('mend', 'mend_')
  const [had, has] = [content('old'), content('t')]
  return `do ${tag}
declare
  batch uuid[];
  reached uuid := '00000000-0000-0000-0000-000000000000';
begin
  loop
    select array_agg(id order by id) into batch
      from (select t.id from ${name} t where t.id > reached and (${needed}) order by t.id limit ${BATCH}) next;
    exit when batch is null;
    with old as (select * from ${name} t where t.id = any (batch) for update),
      changed as (update ${name} t set ${sets.join(', ')}${versioned} from old where t.id = old.id returning t.*)
    insert into audit_logs (id, action, resource, record_id, branch_id, before, after)
      select gen_random_uuid(), 'patch', '${id}', t.id, ${branch}, regal_changed(${had}, ${has}), regal_changed(${has}, ${had})
      from changed t join old on old.id = t.id;
    reached := batch[array_upper(batch, 1)];
    commit;
  end loop;
end ${tag}`
}

function mends(writing: Writing): string[] {
  return byTable(ofKind(writing, 'add constraint', 'replace constraint', 'require')).flatMap(([table, steps]) => {
    const found = steps
      .filter((step) => !changesType(step, step.key) && !goesWithType(step))
      .flatMap((step) => mendOf(writing, step))
    return found.length ? [mendSql(table, found)] : []
  })
}

/** Columns that are required from now on. A validated check lets `set not null` believe it without reading the table. */
function required(writing: Writing): { first: string[]; last: string[] } {
  const steps = ofKind(writing, 'require').filter((step) => !changesType(step, step.key))
  const parts = steps.map((step) => {
    const { name } = columnsOf(step).now!
    const table = `alter table ${step.after.name}`
    const check = shortened(`${step.after.name}_${name}_required`)
    return {
      first: `${table} drop constraint if exists ${check}, add constraint ${check} check (${ident(name)} is not null) not valid`,
      last: [
        `${table} validate constraint ${check}`,
        `${table} alter column ${ident(name)} set not null, drop constraint ${check}`
      ]
    }
  })
  return { first: parts.map(({ first }) => first), last: parts.flatMap(({ last }) => last) }
}

const newName = (name: string) => shortened(`${name}_new`)

/** Each index anew, whatever an earlier run that failed left of it. */
function built(writing: Writing): string[] {
  const uniques = ofKind(writing, 'add constraint', 'replace constraint').filter(({ key }) => isUnique(key))
  const indexes = ofKind(writing, 'add index', 'replace index')
  const build = (table: string, index: IndexModel) => [
    `drop index concurrently if exists ${index.name}`,
    indexSql(table, index, 'concurrently ')
  ]
  return [
    ...indexes.flatMap(({ after, key }) => build(after.name, after.indexes[key]!)),
    ...uniques.flatMap(({ after, key }) => {
      const { name, sql, fields } = after.constraints[key]!
      // `unique nulls not distinct (a, b)` -> `(a, b) nulls not distinct`
      const [, nulls = '', columns] = /^unique( nulls not distinct)? (\(.*\))$/.exec(sql)!
      return build(after.name, { name: newName(name), unique: true, fields, sql: `${columns}${nulls}` })
    })
  ]
}

/** Unique indexes become the constraints that they were built for, and take their names. */
function attached(writing: Writing): string[] {
  const uniques = ofKind(writing, 'add constraint', 'replace constraint').filter(({ key }) => isUnique(key))
  return uniques.map(({ after, key }) => {
    const { name } = after.constraints[key]!
    const index = newName(name)
    return `alter table ${after.name} drop constraint if exists ${name}, add constraint ${name} unique using index ${index}`
  })
}

function outdated(writing: Writing): string[] {
  const steps = ofKind(writing, 'drop constraint', 'replace constraint', 'drop index', 'replace index')
  return steps.filter(staysAside).map(({ before, after, key }) => {
    const constraint = before.constraints[key]
    return constraint
      ? `alter table ${after.name} drop constraint if exists ${asideName(constraint.name)}`
      : `drop index if exists ${asideName(before.indexes[key]!.name)}`
  })
}

/** The statements of the second file: each by itself, and each can be run again. */
export function apartSql(writing: Writing): string[] {
  const { first, last } = required(writing)
  const indexes = built(writing)
  const validated = alteredSql(
    notValid(writing),
    ({ after, key }) => `validate constraint ${after.constraints[key]!.name}`
  )
  return [
    ...first,
    ...mends(writing),
    ...validated,
    ...last,
    // Waits for those who work, and stops nobody meanwhile: it may wait as long as it takes.
    ...(indexes.length ? ['set lock_timeout = 0', ...indexes, `set lock_timeout = '${LOCK_TIMEOUT}'`] : []),
    ...attached(writing),
    ...outdated(writing)
  ]
}

/** Longer, and those who wait behind the lock that we wait for would notice. */
export const LOCK_TIMEOUT = '3s'
