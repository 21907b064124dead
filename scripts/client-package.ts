import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { clientTypes } from './client-types.ts'
import { definitionComments } from './definition-comments.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

/** What the client needs of npm. */
const NEEDS = [
  '@feathersjs/errors',
  '@feathersjs/feathers',
  '@feathersjs/rest-client',
  '@feathersjs/socketio-client',
  'socket.io-client'
]

const COMPILER = {
  target: 'ES2022',
  // No Node here: what the client uses must be in every browser.
  lib: ['ES2022', 'DOM'],
  types: [],
  module: 'NodeNext',
  strict: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
  declaration: true
}

/** The types of all resources, with the comments of their definitions. */
export const printedTypes = (): string => clientTypes(definitionComments(join(ROOT, 'src/schemas')))

async function manifest(): Promise<object> {
  const own = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
  const versions: Record<string, string> = { ...own.devDependencies, ...own.dependencies }
  return {
    name: 'regal-client',
    version: own.version,
    description: 'A typed client of Regal for browsers and Node',
    license: own.license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    types: './index.d.ts',
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    files: ['*.js', '*.d.ts'],
    dependencies: Object.fromEntries(NEEDS.map((name) => [name, `^${versions[name]}`]))
  }
}

/** Compiles a copy of the sources in which the types of the resources are printed instead of inferred. */
async function compile(sources: string, into: string): Promise<void> {
  await cp(join(ROOT, 'src/client'), sources, { recursive: true })
  await writeFile(join(sources, 'resources.ts'), printedTypes())
  const config = { compilerOptions: { ...COMPILER, rootDir: sources, outDir: into }, include: [`${sources}/*.ts`] }
  await writeFile(join(sources, 'tsconfig.json'), JSON.stringify(config))
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', sources])
}

/** In declarations the compiler leaves `./x.ts` as it was written; the package has `./x.js`. */
async function pointToScripts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.d.ts')) continue
    const path = join(folder, name)
    await writeFile(path, (await readFile(path, 'utf8')).replace(/(['"]\.\/[\w-]+)\.ts(['"])/g, '$1.js$2'))
  }
}

/** Builds the package of the client into `folder`, which it empties first. */
export async function buildClient(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await mkdir(join(ROOT, '.tmp'), { recursive: true })
  // Below the project, where the compiler finds the packages that are imported.
  const sources = await mkdtemp(join(ROOT, '.tmp/client-'))
  try {
    await compile(sources, folder)
  } finally {
    await rm(sources, { recursive: true, force: true })
  }
  await pointToScripts(folder)
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`)
  // Its links lead into this project, which is not there.
  const page = await readFile(join(ROOT, 'docs/client.md'), 'utf8')
  await writeFile(join(folder, 'README.md'), page.replace(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, '$1'))
  await cp(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
}
