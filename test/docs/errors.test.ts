import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '../../src/errors.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')
const rows = [...page.matchAll(/^## (.+)$|^\| `(\w+)` \| (.+?) \| (.+?) \|$/gm)]

/** Thrown at a mistake of the program, which no client can cause: answered as `failed`. */
const INTERNAL = new Set(['invalid_date', 'invalid_time_zone'])

/** Reasons that are no server's answer: of the client, where none came, and of the stock ledger, why goods moved. */
const ELSEWHERE = new Set(['unreachable', 'timeout', 'receipt', 'return', 'transfer', 'order', 'count'])

/** The words that a place uses for a reason: failures, rules of the domain, and what SQL refuses. */
const USES = /(?:failure|fieldFailure|DomainError|regal_refuse)\(\s*'(\w+)'|reason: '(\w+)'/g
const wordsOf = (text: string) => [...text.matchAll(USES)].map(([, called, given]) => called ?? given!)

const sources = ['src', 'migrations'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|sql)$/.test(name))
    .map((name) => join(folder, name))
)

describe('the catalogue of errors', () => {
  it('is explained word by word in docs/errors.md, each once', () => {
    const explained = rows.map(([, , word]) => word).filter((word) => word !== undefined)
    assert.deepEqual(explained.sort(), Object.keys(catalogue).sort())
  })

  it('stands there below its status', () => {
    let heading = ''
    for (const [, title, word] of rows) {
      if (title) heading = title
      else assert.ok(heading.includes(String(catalogue[word as keyof typeof catalogue][0])), `${word} below ${heading}`)
    }
  })

  it('holds every word that the sources use', () => {
    const used = sources.flatMap((file) =>
      wordsOf(readFileSync(join(root, file), 'utf8')).map((word) => ({ file, word }))
    )
    assert.ok(used.length > 80)
    for (const { file, word } of used)
      assert.ok(Object.hasOwn(catalogue, word) || INTERNAL.has(word) || ELSEWHERE.has(word), `${word} in ${file}`)
  })
})
