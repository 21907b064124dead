import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createContext, Script } from 'node:vm'
import { openApi } from '../../src/docs/openapi.ts'
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

  it('draws every operation, down to its answers and errors', async () => {
    const { draw, opened } = await openPage()
    const { tags } = openApi() as { tags: { name: string }[] }
    for (const { name } of tags) {
      const main = draw(name)
      const operations = main.all().filter(({ attributes }) => attributes.class === 'op')
      assert.ok(operations.length, name)
      for (const operation of operations) {
        opened(operation)
        for (const fold of operation.all().filter(({ attributes }) => attributes.class === 'inner')) opened(fold)
        assert.match(operation.text(), /Answers/, operation.attributes.id)
      }
    }
    assert.match(draw('createProduct').text(), /ProductCreate.*COF-250.*reasons/s)
    assert.match(draw('products').text(), /employee/)
  })
})

/** As much of an element as the script of the page needs. */
class Element {
  readonly attributes: Record<string, string> = {}
  readonly children: (Element | string)[] = []
  readonly listeners: Record<string, () => void> = {}
  open = false
  hash = ''
  append(...parts: (Element | string)[]): void {
    this.children.push(...parts)
  }
  replaceChildren(...parts: (Element | string)[]): void {
    this.children.splice(0, this.children.length, ...parts)
  }
  setAttribute(name: string, value: string): void {
    this.attributes[name] = value
  }
  addEventListener(event: string, listener: () => void): void {
    this.listeners[event] = listener
  }
  hasChildNodes = () => this.children.length > 0
  querySelectorAll = () => []
  scrollIntoView(): void {}
  focus(): void {}
  /** Itself and all elements inside. */
  all(): Element[] {
    return [this, ...this.children.flatMap((child) => (typeof child === 'string' ? [] : child.all()))]
  }
  text(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.text())).join(' ')
  }
}

/** Runs the script on the document, and answers how to go to a part of it and to open what is folded. */
async function openPage() {
  const byId = new Map<string, Element>()
  const listeners: Record<string, () => void> = {}
  const location = { hash: '' }
  const find = (id: string) => {
    const element = byId.get(id) ?? new Element()
    byId.set(id, element)
    return element
  }
  const context = createContext({
    document: { createElement: () => new Element(), getElementById: find },
    location,
    fetch: async () => ({ json: async () => JSON.parse(JSON.stringify(openApi())) }),
    addEventListener: (event: string, listener: () => void) => {
      listeners[event] = listener
    },
    scrollTo: () => {}
  })
  new Script(inside('script')[0]!).runInContext(context)
  while (!listeners.hashchange) await new Promise((done) => setImmediate(done))
  function opened(element: Element): void {
    element.open = true
    element.listeners.toggle!()
  }
  function draw(name: string): Element {
    location.hash = `#${name}`
    listeners.hashchange!()
    const main = find('main')
    for (const element of main.all().filter(({ attributes }) => attributes.id === name)) opened(element)
    return main
  }
  return { draw, opened }
}
