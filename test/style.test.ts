import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What each folder (or file) of src may import of the others. The chain points one way; what stands beside it is listed too. */
const MAY_IMPORT: Record<string, string[]> = {
  errors: [],
  ids: [],
  settings: ['domain'],
  domain: [],
  schemas: ['domain', 'errors'],
  reports: [],
  policy: ['schemas', 'domain', 'database', 'errors'],
  hooks: ['policy', 'schemas', 'domain', 'database', 'realtime', 'errors', 'ids'],
  services: [
    'hooks',
    'policy',
    'reports',
    'schemas',
    'domain',
    'database',
    'realtime',
    'auth',
    'store',
    'errors',
    'ids'
  ],
  // Infrastructure.
  database: [],
  store: ['errors', 'settings'],
  auth: ['database', 'policy', 'errors', 'ids', 'settings'],
  realtime: ['policy', 'schemas', 'database', 'hooks', 'rest', 'errors', 'ids'],
  evolution: ['database', 'schemas'],
  rest: ['hooks', 'schemas', 'errors', 'ids'],
  transfer: ['services', 'hooks', 'policy', 'schemas', 'database', 'realtime', 'rest', 'docs', 'errors', 'ids'],
  docs: ['policy', 'reports', 'schemas', 'errors'],
  // The client that other programs have: of the definitions it takes types alone.
  client: ['schemas'],
  // The composition, and what starts it. Nothing else imports it.
  app: [
    'transfer',
    'store',
    'services',
    'reports',
    'hooks',
    'policy',
    'schemas',
    'domain',
    'database',
    'auth',
    'realtime',
    'rest',
    'docs',
    'ops',
    'errors',
    'ids',
    'settings'
  ],
  ops: [
    'app',
    'services',
    'hooks',
    'policy',
    'schemas',
    'domain',
    'database',
    'auth',
    'realtime',
    'rest',
    'docs',
    'errors',
    'ids',
    'settings'
  ],
  cli: [
    'app',
    'ops',
    'transfer',
    'services',
    'reports',
    'hooks',
    'policy',
    'schemas',
    'domain',
    'database',
    'auth',
    'realtime',
    'rest',
    'docs',
    'evolution',
    'errors',
    'ids',
    'settings'
  ],
  index: ['cli', 'ops', 'app']
}

/** Files with SQL beside *.sql.ts and src/database, each with its reason. */
const SQL_ELSEWHERE: Record<string, string> = {
  'src/schemas/ddl.ts': 'makes the tables of the definitions',
  'src/schemas/invoice-items.ts': 'a computed field is an expression',
  'src/schemas/invoice-prints.ts': 'a computed field is an expression',
  'src/schemas/order-lines.ts': 'a computed field is an expression',
  'src/schemas/parties.ts': 'a computed field is an expression',
  'src/schemas/products.ts': 'a computed field is an expression',
  'src/policy/places.ts': 'one select, read at start',
  'src/realtime/role-tables.ts': 'one select, read at start',
  'src/auth/revocation.ts': 'one select, polled',
  'src/services/exactly-once.ts': 'looks an id up',
  'src/services/statement.ts': 'a condition on related rows is a subselect',
  'src/ops/first-start.ts': 'what a shop begins with',
  'src/ops/routes.ts': 'asks whether the database answers'
}
/** Migrations, commands and their demo data: no request reaches them. */
const SQL_FOLDERS = ['src/database/', 'src/evolution/', 'src/cli/']
const SQL =
  /\bselect\b[^;]*\bfrom\b|\binsert into\b|\bdelete from\b|\bupdate [a-z_"$]+ [a-z ]*set\b|\b(create|alter|drop) (table|index|unique|database|function|role|system)\b/

/** What only development needs, and where it may be named: loaded when called, with a sentence where it is missing. */
const DEVELOPMENT: Record<string, string[]> = { 'src/cli/generate/': ['ts-morph', '@clack/prompts'] }

const MAX_LINES = 250
// Written apart, so that this file does not find itself.
const LEFTOVERS = [
  'TO' + 'DO',
  'FIX' + 'ME',
  'XX' + 'X',
  'HA' + 'CK',
  'debug' + 'ger',
  '@ts-' + 'ignore',
  '@ts-' + 'nocheck',
  'not ' + 'implemented'
]
const MACHINE = ['/wo' + 'rk/', '/ho' + 'me/', '/ro' + 'ot/']

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = join(folder, name)
    if (name === 'node_modules' || name === 'results') return []
    return statSync(join(ROOT, path)).isDirectory() ? filesBelow(path) : [path]
  })
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const source = filesBelow('src').filter((path) => path.endsWith('.ts'))
const own = ['src', 'test', 'bench', 'scripts', 'examples', 'migrations', 'config', 'docs', 'bin'].flatMap(filesBelow)

/** `src/services/stock/levels.ts` -> `services`; `src/errors.ts` -> `errors`. */
const areaOf = (path: string) => relative('src', path).split('/')[0]!.replace(/\.ts$/, '')
const IMPORTS = /^(?:import|export)\b[^'"`;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm
const importsOf = (path: string) => [...read(path).matchAll(IMPORTS)].map(([, a, b, c]) => (a ?? b ?? c)!)

/** The texts of a program, without its comments. */
const textsOf = (path: string) =>
  read(path)
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .match(/`[^`]*`|'(?:[^'\\\n]|\\.)*'/g) ?? []

const offending = (paths: string[], words: string[]) =>
  paths.flatMap((path) => words.filter((word) => read(path).includes(word)).map((word) => `${path}: ${word}`))

describe('The style of the source', () => {
  it('imports one way', () => {
    const wrong = source.flatMap((path) =>
      importsOf(path)
        .filter((from) => from.startsWith('.') && !from.endsWith('/package.json'))
        .map((from) => areaOf(relative(ROOT, resolve(ROOT, dirname(path), from))))
        .filter((area) => area !== areaOf(path) && !MAY_IMPORT[areaOf(path)]?.includes(area))
        .map((area) => `${path} imports ${area}`)
    )
    assert.deepEqual(wrong, [])
  })

  it('has a line for every folder of src', () => {
    assert.deepEqual([...new Set(source.map(areaOf))].sort(), Object.keys(MAY_IMPORT).sort())
  })

  it('keeps the rules of the shop free of everything else', () => {
    const wrong = source
      .filter((path) => areaOf(path) === 'domain')
      .flatMap((path) =>
        importsOf(path)
          .filter((from) => !from.startsWith('./'))
          .map((from) => `${path} imports ${from}`)
      )
    assert.deepEqual(wrong, [])
  })

  it('imports only what package.json lists, tests and tools apart', () => {
    const { dependencies, optionalDependencies } = JSON.parse(read('package.json'))
    const listed = new Set(Object.keys({ ...dependencies, ...optionalDependencies }))
    const packageOf = (from: string) =>
      from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/')
    const apart = (path: string, from: string) =>
      Object.entries(DEVELOPMENT).some(([folder, names]) => path.startsWith(folder) && names.includes(from))
    const wrong = source
      .filter((path) => areaOf(path) !== 'client')
      .flatMap((path) =>
        importsOf(path)
          .filter((from) => !/^(\.|node:)/.test(from) && !listed.has(packageOf(from)) && !apart(path, from))
          .map((from) => `${path}: ${from}`)
      )
    assert.deepEqual(wrong, [])
  })

  it('gives the client Feathers’ client packages and the types of the definitions, and nothing of Node', () => {
    const client = source.filter((path) => areaOf(path) === 'client')
    assert.ok(client.length > 5)
    // No server loads it: the packages are development's here, and its own in the package that is built of it.
    const packages = client.flatMap((path) => importsOf(path).filter((from) => !from.startsWith('.')))
    for (const name of packages) assert.match(name, /^@feathersjs\/(errors|feathers|\w+-client)$|^socket\.io-client$/)
    const values = client.filter((path) => /^(import|export) (?!type )[^;]*? from '\.\.\//m.test(read(path)))
    assert.deepEqual(values, [])
    assert.deepEqual(
      client.filter((path) => /\b(Buffer|process|require)\b[.(]/.test(read(path))),
      []
    )
  })

  it('loads what only development needs when it is called, and not before', () => {
    for (const [folder, names] of Object.entries(DEVELOPMENT)) {
      const paths = source.filter((path) => path.startsWith(folder))
      for (const name of names) {
        const early = new RegExp(`^import (?!type )[^']*? from '${name}'|^import '${name}'`, 'm')
        assert.ok(
          paths.some((path) => importsOf(path).includes(name)),
          name
        )
        assert.deepEqual(
          paths.filter((path) => early.test(read(path))),
          []
        )
      }
    }
  })

  it('writes SQL where SQL belongs', () => {
    const elsewhere = source.filter(
      (path) =>
        !path.endsWith('.sql.ts') &&
        !SQL_FOLDERS.some((folder) => path.startsWith(folder)) &&
        textsOf(path).some((text) => SQL.test(text))
    )
    assert.deepEqual(elsewhere.sort(), Object.keys(SQL_ELSEWHERE).sort())
  })

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    assert.deepEqual(
      source.filter((path) => read(path).split('\n').length - 1 > MAX_LINES),
      []
    )
  })

  it('leaves nothing behind', () => {
    assert.deepEqual(offending(own, LEFTOVERS), [])
    assert.deepEqual(
      source.filter((path) => /\bconsole\./.test(read(path))),
      []
    )
  })

  it('names no folder of a machine', () => {
    assert.deepEqual(offending(own, MACHINE), [])
  })

  it('runs every test', () => {
    const tests = filesBelow('test').filter((path) => path.endsWith('.ts'))
    assert.deepEqual(
      tests.filter((path) => /\b(describe|context|it)\.only\(/.test(read(path))),
      []
    )
  })
})
