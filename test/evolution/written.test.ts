import assert from 'node:assert/strict'
import { PlanRefused, plan, planOffline, snapshotDifferences, snapshotOf } from '../../src/evolution/index.ts'
import { choice, decimal, flag, integer, money, optional, ref, text } from '../../src/schemas/fields.ts'
import { Corpus, type Definition, planned, things } from './corpus.ts'

const tables = (definition: Definition) => snapshotOf([things(definition)])
const kept = (sql: string) => sql.split('\n').filter((line) => line && !line.startsWith('--'))

describe('A written migration', () => {
  const corpus = new Corpus()
  before(() => corpus.open())
  after(() => corpus.close())

  it('waits for no lock for long, adds rules without reading, and reads and builds apart', () => {
    const [before, after] = [tables({ a: text({ max: 5 }) }), tables({ a: text({ max: 9, index: true }) })]
    const { files } = planOffline(before, after, { number: 12, name: 'longer A!' })
    assert.deepEqual(
      files.map(({ name }) => name),
      ['0012_longer_a.sql', '0013_longer_a_apart.sql']
    )
    assert.deepEqual(kept(files[0]!.sql), [
      `set local lock_timeout = '3s';`,
      'alter table things drop constraint things_a_bounds;',
      'alter table things add constraint things_a_bounds check (char_length("a") <= 9) not valid;'
    ])
    assert.match(files[1]!.sql, /^-- regal: statements apart\n/)
    assert.deepEqual(kept(files[1]!.sql), [
      `set lock_timeout = '3s';`,
      'alter table things validate constraint things_a_bounds;',
      'set lock_timeout = 0;',
      'drop index concurrently if exists things_a_idx;',
      'create index concurrently things_a_idx on things ("a");',
      `set lock_timeout = '3s';`
    ])
  })

  it('locks a table once, and reads it once, for all the rules that change', () => {
    const before = tables({ a: text({ max: 5 }), b: choice(['x']) })
    const { files } = planOffline(before, tables({ a: text({ max: 9 }), b: choice(['x', 'a "y"']) }), { number: 12 })
    assert.deepEqual(kept(files[0]!.sql).slice(1), [
      'alter table things drop constraint things_a_bounds,',
      '  drop constraint things_b_bounds;',
      'alter table things add constraint things_a_bounds check (char_length("a") <= 9) not valid,',
      `  add constraint things_b_bounds check ("b" = any ('{x,"a \\"y\\""}'::text[])) not valid;`
    ])
    assert.deepEqual(kept(files[1]!.sql).slice(1), [
      'alter table things validate constraint things_a_bounds,',
      '  validate constraint things_b_bounds;'
    ])
  })

  it('is one file for a new table', () => {
    const { files } = planOffline({}, tables({ a: text({ max: 5, unique: true }), b: ref('things') }), { number: 1 })
    assert.deepEqual(
      files.map(({ name }) => name),
      ['0001_create_things.sql']
    )
  })

  it('needs no database for what loses nothing', () => {
    const before = tables({ a: text(), b: optional(integer()), c: choice(['x']) })
    const after = tables({
      name: text({ id: 'a' }),
      b: optional(integer({ default: 3 })),
      c: choice(['x', 'y']),
      d: optional(text({ unique: true })),
      e: flag({ default: false }),
      f: optional(ref('things')),
      g: optional(money({ positive: true }))
    })
    assert.equal(planOffline(before, after, { number: 1 }).files.length, 2)
    const filled = planOffline(tables({ a: text() }), tables({ a: text(), b: text() }), {
      number: 1,
      fill: { 'things.b': 'x' }
    })
    assert.equal(filled.files.length, 2)
  })

  const offline: [what: string, before: Definition, after: Definition][] = [
    ['a field that goes', { a: text(), b: text() }, { a: text() }],
    ['a required field without default', { a: text() }, { a: text(), b: text() }],
    ['a narrower field', { a: text({ max: 9 }) }, { a: text({ max: 5 }) }],
    ['a new key', { a: text() }, { a: text({ unique: true }) }],
    ['a new rule', { a: integer() }, { fields: { a: integer() }, options: { checks: { least: 'a > 0' } } }],
    ['another type', { a: text() }, { a: integer() }]
  ]
  for (const [what, before, after] of offline)
    it(`leaves ${what} to where the database is`, () => {
      assert.throws(
        () => planOffline(tables(before), tables(after), { number: 1 }),
        (error) => error instanceof PlanRefused && /run "regal migrate plan" where the database is/.test(error.message)
      )
    })

  it('is asked for in sentences while there is none', () => {
    const found = snapshotDifferences(
      tables({ a: text({ max: 5 }) }),
      tables({ a: text({ max: 9 }), b: optional(integer()) })
    )
    assert.deepEqual(found, [
      'things.b: no migration yet for: add column (new; null in the rows that are there)',
      'things.a: no migration yet for: replace constraint (wider bounds: check (char_length("a") <= 9))'
    ])
    const turned = snapshotDifferences(tables({ a: choice(['x', 'y']) }), tables({ a: choice(['y', 'x']) }))
    assert.match(turned[0]!, /things\.a: .*the same bounds, written as check/)
    const aside = snapshotDifferences(tables({ a: money() }), tables({ a: decimal({ scale: 4 }) }))
    assert.deepEqual(aside, ['The snapshot is older than the definitions, although the tables are the same'])
  })

  it('is not made of two resources that are known by one id', () => {
    const twice = [things({ a: text() }), things({ fields: { a: text() }, options: { name: 'others', id: 'things' } })]
    assert.throws(() => snapshotOf(twice), /Two resources have one id/)
  })

  it('is nothing when nothing differs', () => {
    const same = tables({ a: text() })
    assert.deepEqual(plan(same, same, { number: 1 }), { steps: [], refusals: [], files: [], snapshot: same })
  })

  const grown: [what: string, before: Definition, after: Definition, loss: Record<string, number>, more: string][] = [
    ['a field that goes', { a: text(), b: optional(text()) }, { a: text() }, { 'things.b': 1 }, 'b'],
    ['text cut shorter', { b: text({ max: 9 }) }, { b: text({ max: 3 }) }, { 'things.b': 1 }, 'b'],
    ['another type', { b: optional(text()) }, { b: optional(integer()) }, { 'things.b': 1 }, 'b'],
    ['a table', { b: text() }, [] as never, { things: 1 }, 'b'],
    ['nulls', { a: optional(text()), b: text() }, { a: text(), b: text() }, {}, 'b'],
    ['a key', { b: text() }, { b: text({ unique: true }) }, {}, 'b']
  ]
  for (const [what, before, after, loss, column] of grown)
    it(`stops when the rows have grown beyond the plan, and changes nothing: ${what}`, () =>
      corpus.scratch(async (scratch) => {
        const [old, now] = [tables(before), Array.isArray(after) ? {} : tables(after)]
        await scratch.make(old)
        const first =
          what === 'nulls'
            ? { a: 'x', b: 'long enough'.slice(0, 9) }
            : { [column]: 'long enough'.slice(0, 9), ...('a' in before && { a: 'x' }) }
        await scratch.insert('things', [first])
        const made = await planned(scratch, old, now, { loss })
        assert.deepEqual(made.refusals, [])
        await scratch.query(
          `insert into things (id, ${Object.keys(before).join(', ')}) select gen_random_uuid(), ${Object.keys(before)
            .map((name) => (what === 'nulls' && name === 'a' ? 'null' : `"${name}"`))
            .join(', ')} from things`
        )
        await assert.rejects(scratch.apply(made), /would be|rows are there|have no value|occur more than once/)
        const [{ n }] = (await scratch.query('select count(*)::int as n from things')) as [{ n: number }]
        assert.equal(n, 2)
        const columns = await scratch.query<{ name: string }>(
          `select attname as name from pg_attribute where attrelid = 'things'::regclass and attname = any ($1)`,
          [Object.keys(before)]
        )
        assert.equal(columns.length, Object.keys(before).length)
      }))

  it('mends thousands of rows in batches', () =>
    corpus.scratch(async (scratch) => {
      const [before, after] = [tables({ a: optional(integer()) }), tables({ a: integer() })]
      await scratch.make(before)
      await scratch.query(
        'insert into things (id, a) select gen_random_uuid(), case when n % 2 = 0 then n end from generate_series(1, 5001) n'
      )
      await scratch.apply(await planned(scratch, before, after, { fill: { 'things.a': '0' } }))
      const [found] = await scratch.query(
        'select count(*) filter (where a = 0 and version = 2)::int as filled, count(*) filter (where a > 0 and version = 1)::int as left_alone from things'
      )
      assert.deepEqual(found, { filled: 2501, left_alone: 2500 })
    }))
})
