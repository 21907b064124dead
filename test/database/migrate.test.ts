import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../src/database/migrate.ts'
import { statementsOf } from '../../src/database/statements.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

describe('The statements of a text', () => {
  const cases: [sql: string, statements: string[]][] = [
    ['select 1; select 2', ['select 1', 'select 2']],
    ['select 1;', ['select 1']],
    [' -- only a comment;\n ; /* and; another */ ', []],
    [`select ';', '''; ', e'\\';', "a;""b" ; x`, [`select ';', '''; ', e'\\';', "a;""b"`, 'x']],
    ['-- it is; first\nselect 1 -- and; last\n; y', ['-- it is; first\nselect 1 -- and; last', 'y']],
    ['select /* a; /* b; */ c; */ 1; z', ['select /* a; /* b; */ c; */ 1', 'z']],
    ['do $$ begin x; end $$; y', ['do $$ begin x; end $$', 'y']],
    ['do $a$ x; $$ y; $b$ $a$; z', ['do $a$ x; $$ y; $b$ $a$', 'z']],
    ['select a$b$c; d', ['select a$b$c', 'd']],
    ['select $1; d', ['select $1', 'd']],
    [`select 'a' -- it's\n; select 'b'`, [`select 'a' -- it's`, `select 'b'`]],
    ["do $$ it's; $$; e", ["do $$ it's; $$", 'e']]
  ]
  for (const [sql, statements] of cases)
    it(JSON.stringify(sql), () => {
      assert.deepEqual(statementsOf(sql), statements)
    })
})

describe('Migrations', () => {
  let db: TestDatabase
  let folder: string
  before(async () => {
    db = await createTestDatabase()
    await db.database.query('delete from schema_migrations')
    await db.database.query('create table things (id integer primary key, a integer not null)')
  })
  after(() => db.drop())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regal-migrations-'))
    await db.database.query('delete from schema_migrations')
    await db.database.query('drop index if exists things_a_idx')
    await db.database.query('truncate things')
  })
  afterEach(() => rm(folder, { recursive: true }))

  const file = (name: string, lines: string[]) => writeFile(join(folder, name), lines.join('\n'))
  const run = () => migrate(db.url, () => {}, folder)
  const applied = async () =>
    (await db.database.query<{ name: string }>('select name from schema_migrations')).map(({ name }) => name)
  const rows = async () => (await db.database.rows('select id from things order by id')).flat()

  it('are all or nothing', async () => {
    await file('0001_both.sql', ['insert into things values (1, 1);', 'insert into things values (1, 1);'])
    await assert.rejects(run(), /The migration 0001_both\.sql failed: duplicate key/)
    assert.deepEqual([await rows(), await applied()], [[], []])
  })

  it('keep what ran of statements apart, and run them again', async () => {
    await file('0001_apart.sql', [
      '-- regal: statements apart',
      'insert into things values (1, 1) on conflict do nothing;',
      'drop index concurrently if exists things_a_idx;',
      'create unique index concurrently things_a_idx on things (a);'
    ])
    await db.database.query('insert into things values (2, 7), (3, 7)')
    await assert.rejects(run(), /0001_apart\.sql failed: could not create unique index/)
    assert.deepEqual([await rows(), await applied()], [[1, 2, 3], []])
    await db.database.query('update things set a = id')
    assert.deepEqual(await run(), ['0001_apart.sql'])
    assert.deepEqual(await applied(), ['0001_apart.sql'])
    const [index] = await db.database.query(
      `select indisvalid from pg_index where indexrelid = 'things_a_idx'::regclass`
    )
    assert.deepEqual(index, { indisvalid: true })
  })

  it('run once when two processes start at once, also where an index waits for all who are at work', async () => {
    await file('0001_apart.sql', [
      '-- regal: statements apart',
      'select pg_sleep(0.3);',
      'create index concurrently things_a_idx on things (a);'
    ])
    const outcomes = await Promise.all([run(), run(), run()])
    assert.deepEqual(outcomes.flat(), ['0001_apart.sql'])
  })

  it('ask again for a lock that was not given in time', async () => {
    await file('0001_lock.sql', [`set local lock_timeout = '50ms';`, 'alter table things add column b integer;'])
    await file('0002_apart.sql', [
      '-- regal: statements apart',
      `set lock_timeout = '50ms';`,
      'alter table things drop column b;'
    ])
    const holder = new pg.Client({ connectionString: db.url })
    await holder.connect()
    await holder.query('begin; lock table things in row exclusive mode')
    const running = run()
    const waited = async () => {
      const sql = `select count(*) as n from pg_locks where relation = 'things'::regclass and not granted`
      return (await db.database.query<{ n: number }>(sql))[0]!.n > 0
    }
    while (!(await waited())) await new Promise((done) => setTimeout(done, 5))
    while (await waited()) await new Promise((done) => setTimeout(done, 5))
    await holder.query('commit')
    await holder.end()
    assert.deepEqual(await running, ['0001_lock.sql', '0002_apart.sql'])
  })
})
