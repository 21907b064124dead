import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

describe('regal migrate, in a copy of the project', function () {
  // Each step starts the program anew, which takes a second or two on a busy machine.
  this.timeout(60_000)
  let db: TestDatabase
  let copy: string
  before(async () => {
    db = await createTestDatabase()
    copy = await mkdtemp(join(tmpdir(), 'regal-copy-'))
    for (const name of ['src', 'bin', 'config', 'migrations', 'package.json', 'tsconfig.json'])
      await cp(join(ROOT, name), join(copy, name), { recursive: true })
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  })
  after(async () => {
    await rm(copy, { recursive: true, force: true })
    await db.drop()
  })

  async function migrate(...args: string[]) {
    const child = spawn(process.execPath, [join(copy, 'bin/regal.js'), 'migrate', ...args], {
      cwd: copy,
      env: { ...process.env, DATABASE_URL: db.url },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const [out, said, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((done) => child.once('close', done))
    ])
    return { out, said, code }
  }

  async function edit(from: string, to: string): Promise<void> {
    const path = join(copy, 'src/schemas/brands.ts')
    const source = await readFile(path, 'utf8')
    assert.ok(source.includes(from))
    await writeFile(path, source.replace(from, to))
  }

  it('has nothing to do where nothing changed', async () => {
    assert.deepEqual(await migrate('plan'), {
      out: 'Nothing to do: the newest migration has the tables of the definitions.\n',
      said: '',
      code: 0
    })
  })

  it('refuses with a sentence, and writes nothing', async () => {
    await db.database.query(`insert into brands (id, name) values (gen_random_uuid(), 'Acme')`)
    await edit('max: 100', 'max: 3')
    const { out, said, code } = await migrate('plan')
    assert.equal(code, 1)
    assert.match(out, /^lossy {4}brands\.name {2}narrower bounds: .*; 1 value would be lost or cut \('Acme'\)\n$/)
    assert.match(
      said,
      /Nothing was written:\n {2}brands\.name: 1 value would be lost or cut \('Acme'\); allow it with --allow-loss/
    )
    await edit('max: 3', 'max: 100')
  })

  it('shows what it would write, writes it, applies it, and agrees', async () => {
    await edit('name: text({', `country: text({ max: 2, default: 'PK' }),\n    title: text({ id: 'name', `)
    await edit(`label: 'name'`, `label: 'title'`)
    await edit('sort: { name: 1 }', 'sort: { title: 1 }')
    const shown = await migrate('plan', '--dry-run')
    assert.equal(shown.code, 0, shown.said)
    assert.match(shown.out, /^locking {2}brands\.title +renamed from name to title; an older release/m)
    assert.match(shown.out, /^alter table brands rename "name" to "title";$/m)

    const written = await migrate('plan', '--name', 'brands have a title')
    assert.equal(written.code, 0, written.said)
    assert.match(
      written.out,
      /^wrote migrations\/\d{4}_brands_have_a_title\.sql\nwrote migrations\/\d{4}_brands_have_a_title_apart\.sql\n/m
    )
    assert.match((await migrate('check')).said, /not at the newest schema; run "regal migrate" first/)
    assert.match(
      (await migrate()).out,
      /^applied \d{4}_brands_have_a_title\.sql\napplied \d{4}_brands_have_a_title_apart\.sql\n$/
    )
    assert.equal((await migrate('check')).out, 'Definitions, snapshot and database agree.\n')
    assert.deepEqual(await db.database.query('select title, country from brands'), [{ title: 'Acme', country: 'PK' }])
  })

  it('finds what was changed beside the migrations', async () => {
    await db.database.query('alter table brands alter column title drop not null')
    const { out, code } = await migrate('check')
    assert.deepEqual(
      [code, out],
      [1, 'brands: the column title is text in the database, and text not null by its definition\n']
    )
    const refused = await migrate('snapshot')
    assert.deepEqual([refused.code, refused.out], [1, out])
    await db.database.query('alter table brands alter column title set not null')
  })

  it('follows a migration that was written by hand', async () => {
    await edit('max: 2,', 'max: 3,')
    await db.database.query(
      `alter table brands drop constraint brands_country_bounds, add constraint brands_country_bounds check (char_length(country) <= 3)`
    )
    assert.equal((await migrate('snapshot')).out, 'wrote migrations/snapshot.json\n')
    assert.equal((await migrate('check')).out, 'Definitions, snapshot and database agree.\n')
  })
})
