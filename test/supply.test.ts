import assert from 'node:assert/strict'
import manifest from '../package.json' with { type: 'json' }
import lock from '../package-lock.json' with { type: 'json' }

interface Package {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  optional?: boolean
  os?: string[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const packages = Object.entries(lock.packages as Record<string, Package>).filter(([path]) => path)
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** The lowest version without a known advisory, per major that is still mended; where one is named, any later is fine. */
const FLOORS: Record<string, string[]> = {
  '@feathersjs/authentication-oauth': ['5.0.48'],
  '@feathersjs/mongodb': ['5.0.43'],
  '@feathersjs/commons': ['5.0.45'],
  '@feathersjs/adapter-commons': ['5.0.49'],
  '@feathersjs/schema': ['5.0.49'],
  koa: ['2.16.4', '3.1.2'],
  '@koa/cors': ['5.0.0'],
  qs: ['6.14.2'],
  formidable: ['3.5.3'],
  'socket.io': ['4.6.2'],
  'engine.io': ['6.4.2'],
  'socket.io-parser': ['4.2.7'],
  ws: ['8.20.1'],
  knex: ['2.4.0'],
  jsonwebtoken: ['9.0.0'],
  ajv: ['8.18.0'],
  lodash: ['4.18.1']
}

/** Whether `version` is at or above the floor of its own major, or of a later major than all of them. */
function isAbove(version: string, floors: string[]): boolean {
  const parts = (text: string) => text.split('-')[0]!.split('.').map(Number)
  const given = parts(version)
  const own = floors.map(parts).filter(([major]) => major! <= given[0]!)
  const floor = own.at(-1)
  if (!floor) return false
  const differs = floor.findIndex((part, i) => part !== given[i])
  // A release before the floor's own release has its numbers and not its mend.
  return differs < 0 ? !version.includes('-') : given[differs]! > floor[differs]!
}

describe('Supply', () => {
  it('compares versions as npm does', () => {
    const cases: [string, string[], boolean][] = [
      ['3.1.2', ['2.16.4', '3.1.2'], true],
      ['3.1.1', ['2.16.4', '3.1.2'], false],
      ['2.16.4', ['2.16.4', '3.1.2'], true],
      ['2.99.0', ['2.16.4', '3.1.2'], true],
      ['1.9.9', ['2.16.4', '3.1.2'], false],
      ['4.0.0', ['2.16.4', '3.1.2'], true],
      ['6.14.10', ['6.14.2'], true],
      ['8.20.1-beta.1', ['8.20.1'], false]
    ]
    for (const [version, floors, expected] of cases) assert.equal(isAbove(version, floors), expected, version)
  })

  it('locks no package below its advisory floor', () => {
    for (const [path, { version }] of packages) {
      const floors = FLOORS[nameOf(path)]
      if (floors) assert.ok(isAbove(version!, floors), `${path} ${version} is below ${floors.join(', ')}`)
    }
    for (const name of ['koa', 'qs', 'socket.io', 'engine.io', 'socket.io-parser', 'ws', 'ajv', 'jsonwebtoken'])
      assert.ok(
        packages.some(([path]) => nameOf(path) === name),
        `${name} is not in the lock file: is its floor still read?`
      )
  })

  it('names no registry, takes nothing from git or an address, and has a checksum for what it installs', () => {
    for (const [path, { resolved, integrity, link, optional, os, dependencies, optionalDependencies }] of packages) {
      assert.equal(resolved, undefined, `${path} names ${resolved}`)
      assert.equal(link, undefined, path)
      // npm notes no checksum of a tool for another platform, as it never fetched it.
      if (integrity || !(optional && os)) assert.match(integrity ?? '', /^sha512-/, path)
      for (const range of Object.values({ ...dependencies, ...optionalDependencies }))
        assert.ok(!/^(git|http|file|github)|:\/\//.test(range), `${path}: ${range}`)
    }
  })

  it('pins its own dependencies to one version each', () => {
    const own = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    for (const [name, range] of Object.entries(own)) assert.match(range, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name)
    const root = lock.packages[''] as Record<string, unknown>
    for (const part of ['dependencies', 'devDependencies', 'optionalDependencies'] as const)
      assert.deepEqual(root[part], manifest[part], `${part} of the lock file`)
  })

  it('has one TypeBox, the one of Feathers, and neither OAuth nor a second way to the database', () => {
    const names = packages.map(([path]) => nameOf(path))
    assert.deepEqual(
      names.filter((name) => /typebox$/.test(name)),
      ['@feathersjs/typebox', '@sinclair/typebox']
    )
    for (const name of [
      '@feathersjs/authentication-oauth',
      '@feathersjs/mongodb',
      '@feathersjs/knex',
      'knex',
      'koa-multer'
    ])
      assert.ok(!names.includes(name), name)
  })
})
