import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Script } from 'node:vm'
import { docsHeaders, docsPage } from '../../src/docs/page.ts'

const policy = docsHeaders['Content-Security-Policy']!
const inside = (tag: string) =>
  [...docsPage.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(([, text]) => text!)
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

describe('the page to browse the API', () => {
  it('allows its own style and script by their hash and nothing else', () => {
    assert.match(policy, /^default-src 'none'; connect-src 'self';/)
    assert.doesNotMatch(policy, /unsafe|https?:|\*/)
    for (const [tag, directive] of [
      ['style', 'style-src'],
      ['script', 'script-src']
    ] as const) {
      const [text, ...others] = inside(tag)
      assert.equal(others.length, 0)
      assert.ok(policy.split('; ').includes(`${directive} ${hashOf(text!)}`), tag)
    }
  })

  it('loads nothing from elsewhere and has no inline handlers or styles, which the policy would stop', () => {
    assert.doesNotMatch(docsPage, /https?:\/\/|\ssrc=|@import|url\(|\sstyle=|\son[a-z]+=/)
  })

  it('has a script that parses', () => assert.ok(new Script(inside('script')[0]!)))

  it('never turns text into markup', () =>
    assert.doesNotMatch(docsPage, /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/))
})
