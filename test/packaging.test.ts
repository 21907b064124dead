import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { commands } from '../src/cli/program.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const json = (path: string) => JSON.parse(read(path))
const exists = (path: string) => existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url)))

/** Names of environment variables in config/custom-environment-variables.json, at any depth. */
function variablesOf(node: string | Record<string, unknown>): string[] {
  if (typeof node === 'string') return [node]
  if (typeof node.__name === 'string') return [node.__name]
  return Object.values(node).flatMap((inner) => variablesOf(inner as Record<string, unknown>))
}

interface Package {
  version?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
interface Service {
  healthcheck?: { test?: string[] }
  environment: Record<string, string>
  ports?: string[]
}

describe('the container files', () => {
  const compose: { services: Record<string, Service>; volumes: object } = parse(read('docker-compose.yml'))
  const dockerfile = read('Dockerfile')

  it('compose the api with PostgreSQL and Redis, each with a health check', () => {
    assert.deepEqual(Object.keys(compose.services).sort(), ['api', 'postgres', 'redis'])
    for (const [name, { healthcheck }] of Object.entries(compose.services)) {
      assert.ok((healthcheck?.test?.length ?? 0) > 1, `${name} has no health check`)
      for (const word of healthcheck!.test!) assert.equal(typeof word, 'string', `${name}: ${JSON.stringify(word)}`)
    }
  })

  it('take every secret from outside and refuse to start without it', () => {
    const given = Object.values(compose.services).flatMap(({ environment = {} }) => Object.entries(environment))
    const secrets = given.filter(([name]) => /SECRET|PASSWORD|DATABASE_URL/.test(name))
    assert.ok(secrets.length >= 4)
    for (const [name, value] of secrets) assert.match(value, /\$\{\w+:\?[^}]+\}/, name)
  })

  it('publish the api on this machine only, and nothing else', () => {
    const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports)
    assert.equal(published.length, 1)
    assert.match(published[0]!, /^127\.0\.0\.1:/)
  })

  it('build in stages and run as an ordinary user', () => {
    const stages = dockerfile.split(/^FROM /m).slice(1)
    assert.ok(stages.length > 1)
    assert.match(stages.at(-1)!, /^USER node$/m)
    assert.match(stages.at(-1)!, /^HEALTHCHECK /m)
    assert.doesNotMatch(stages.at(-1)!, /npm (ci|install)/)
  })

  it('copy only what is there and what .dockerignore lets through', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names!.split(' '))
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    assert.deepEqual([...new Set(copied)].sort(), allowed.sort())
    for (const path of copied) assert.ok(exists(path), `${path} is not there`)
  })

  it('start what the build makes', () => {
    const command = JSON.parse(/^CMD (\[.+\])$/m.exec(dockerfile)![1]!) as string[]
    const compiled = command.at(-1)!
    assert.ok(exists(compiled.replace(/^dist\//, '').replace(/\.js$/, '.ts')), compiled)
  })
})

describe('.env.example', () => {
  const entries = [...read('.env.example').matchAll(/^(?:# )?([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => ({
    name,
    value
  }))

  it('names every setting, those of docker-compose.yml included, and no other', () => {
    const asked = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name!)
    const known = new Set([...variablesOf(json('config/custom-environment-variables.json')), ...asked])
    assert.deepEqual(entries.map(({ name }) => name).sort(), [...known].sort())
  })

  it('holds no secret', () => {
    const secrets = entries.filter(({ name }) => /SECRET|PASSWORD|TOKEN|URL$/.test(name!))
    assert.ok(secrets.length > 5)
    for (const { name, value } of secrets) assert.equal(value, '', name)
  })
})

describe('README.md', () => {
  const readme = read('README.md')
  const used = (pattern: RegExp) => [...new Set([...readme.matchAll(pattern)].map(([, name]) => name!))]

  it('names only commands that exist', () => {
    const scripts = used(/npm (?:run )?(start|test|(?<=run )[a-z:]+)\b/g)
    assert.ok(scripts.includes('start') && scripts.includes('test'))
    for (const name of scripts) assert.ok(name in json('package.json').scripts, `npm run ${name}`)
    for (const name of used(/npx regal ([a-z]+)/g)) assert.ok(name in commands, `regal ${name}`)
  })

  it('names every script of package.json', () => {
    const scripts = used(/`npm (?:run )?([a-z:]+)`/g)
    assert.deepEqual(Object.keys(json('package.json').scripts).sort(), scripts.sort())
  })

  it('links only to what is there', () => {
    for (const page of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'STYLE.md', 'CHANGELOG.md']) {
      for (const [, path] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g))
        assert.ok(exists(path!), `${page}: ${path}`)
    }
  })

  it('names only settings that exist', () => {
    const known = variablesOf(json('config/custom-environment-variables.json'))
    const settings = used(/`(REGAL_\w+|[A-Z_]*(?:URL|LEVEL)|PORT|HOST)`/g)
    assert.ok(settings.length > 5)
    for (const name of settings) assert.ok(known.includes(name), name)
  })
})

describe('package-lock.json', () => {
  const packages: Record<string, Package> = json('package-lock.json').packages

  /** The entry that `name` means to the package at `path`: the nearest one up the tree. */
  function entryOf(path: string, name: string): Package | undefined {
    for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const found = packages[at ? `${at}/node_modules/${name}` : `node_modules/${name}`]
      if (found || !at) return found
    }
  }

  it('has an entry for every package that one depends on, other platforms too, as npm ci asks', () => {
    for (const [path, { dependencies, optionalDependencies }] of Object.entries(packages)) {
      for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
        assert.ok(entryOf(path, name)?.version, `${name}, needed by ${path || 'the project'}, has no entry`)
      }
    }
  })

  it('is installed without scripts: each package that has one is refused by name', () => {
    const scripted = Object.entries(packages).filter(([, entry]) => 'hasInstallScript' in entry)
    const names = scripted.map(([path]) => path.replace(/^.*node_modules\//, ''))
    assert.deepEqual(
      json('package.json').allowScripts,
      Object.fromEntries([...new Set(names)].map((name) => [name, false]))
    )
  })
})
