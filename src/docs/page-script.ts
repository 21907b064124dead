/** The script of the page at /docs: reads /openapi.json and draws one tag at a time. Text is never parsed as HTML. */
export const pageScript = `
'use strict'
let doc
const MANY = 8
const $ = (id) => document.getElementById(id)

function h(name, props, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(props || {})) node.setAttribute(key, value)
  node.append(...children.flat(3).filter((child) => child !== undefined && child !== null && child !== '' && child !== false))
  return node
}
// Backticks become code, blank lines paragraphs, other line ends stay what they are in prose: spaces.
const inline = (text) => text.split('\`').map((part, i) => (i % 2 ? h('code', null, part) : part))
const prose = (text, style) => (text || '').split('\\n\\n').map((part) => h('p', { class: style || '' }, inline(part)))
const lines = (text) => (text || '').split('\\n').map((line) => h('div', { class: 'note' }, inline(line)))

const resolve = (item) =>
  item && item.$ref ? item.$ref.slice(2).split('/').reduce((place, key) => place[key], doc) : item
const nameOf = (schema) => (schema.$ref ? schema.$ref.split('/').pop() : '')

function typeOf(schema) {
  if (schema.$ref) return nameOf(schema)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.length > MANY ? 'name' : schema.enum.join(' | ')
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.type === 'array') return 'list of ' + typeOf(schema.items || {})
  const type = [schema.type || 'anything'].flat().join(' or ')
  return schema.format && !/^int/.test(schema.format) ? type + ' (' + schema.format + ')' : type
}

// What goes without saying: the range of a number in the database, and that text holds no control characters.
const FAR = 2147483647
const tells = (name, value) => value !== undefined && !(/imum$/.test(name) && Math.abs(value) >= FAR)

const shape = ({ pattern }) => (pattern && !pattern.startsWith('^[^\\\\x00') ? pattern : undefined)

function limits(schema) {
  const at = (name, text) => (tells(name, schema[name]) ? text + ' ' + JSON.stringify(schema[name]) : undefined)
  return [at('minimum', 'at least'), at('exclusiveMinimum', 'above'), at('maximum', 'at most'),
    schema.minLength > 1 ? 'at least ' + schema.minLength + ' characters' : undefined,
    schema.maxLength && !schema.format && !shape(schema) ? 'at most ' + schema.maxLength + ' characters' : undefined,
    shape(schema), at('default', 'default')].filter(Boolean).join(', ')
}

// The part of a schema worth opening: an object with fields, or the words of a list of sentences.
function deeper(schema) {
  const parts = [schema, schema.items, ...(schema.anyOf || [])].filter(Boolean)
  return parts.map(resolve).find((part) => part.properties || part.oneOf) ||
    parts.map((part) => resolve(part)).filter((part) => part.anyOf && part !== schema).map(deeper)[0]
}

// Drawn when opened: records refer to each other in circles.
function fold(label, draw) {
  const place = h('div')
  const box = h('details', { class: 'inner' }, h('summary', null, label), place)
  box.addEventListener('toggle', () => { if (box.open && !place.hasChildNodes()) place.append(draw()) })
  return box
}

// A row, and below it in full width what can be opened.
function row(name, schema, required, text) {
  const inside = deeper(schema)
  const words = (schema.items || schema).enum || []
  const notes = limits(schema)
  const more = inside ? fold('fields of ' + (nameOf(schema.items || schema) || name), () => fields(inside))
    : words.length > MANY ? fold(words.length + ' names', () => h('p', null, words.join(', '))) : undefined
  return [h('tr', null, h('td', null, h('code', { class: required ? 'must' : '' }, name)), h('td', null, typeOf(schema)),
    h('td', null, inline(text || schema.description || ''), notes ? h('div', { class: 'note' }, notes) : '')),
    more && h('tr', null, h('td', { colspan: 3, class: 'wide' }, more))]
}

function fields(given) {
  const schema = resolve(given)
  if (schema.oneOf) return h('table', null, schema.oneOf.map((one) => row(one.const, { type: 'word' }, false, one.description)))
  const required = schema.required || []
  const own = Object.entries(schema.properties || {})
  return h('table', null, own.map(([name, value]) => row(name, value, required.includes(name))))
}

function parameters(list) {
  const all = (list || []).map(resolve)
  const operatorsOf = ({ properties, anyOf }) => properties || (anyOf && anyOf[1].properties)
  const isFilter = (one) => one.style === 'deepObject' && operatorsOf(resolve(one.schema))
  const table = (some) => h('table', null, some.map((one) => row(one.name, one.schema, one.required, one.description)))
  const plain = all.filter((one) => !isFilter(one))
  const filters = all.filter(isFilter).map((one) => {
    const { properties, anyOf, type, ...value } = resolve(one.schema)
    const description = Object.keys(operatorsOf(resolve(one.schema))).join(' ')
    return { name: one.name, schema: anyOf ? anyOf[0] : { ...value, type: type[0] }, description }
  })
  return [plain.length && [h('h2', null, 'Parameters'), table(plain)],
    filters.length && [h('h2', null, 'Filters'), fold(filters.length + ' fields, each as ' + filters[0].name +
      '=value or with an operator, ' + filters[0].name + '[$ne]=value', () => table(filters))]].flat().filter(Boolean)
}

const json = (value) => h('pre', null, JSON.stringify(value, null, 2))
// The example of an answer or a body: its own, or the first of those it names.
function exampleOf(media) {
  const [named] = Object.values(media.examples || {})
  return media.example === undefined ? named && resolve(named).value : media.example
}

function requestBody(request) {
  if (!request) return []
  return Object.entries(request.content).map(([type, media]) => {
    if (type !== 'application/json') return [h('h2', null, 'Body: ' + type), h('p', null, media.schema.description)]
    return [h('h2', null, 'Body: ' + nameOf(media.schema)), fields(media.schema), h('h2', null, 'Example'), json(exampleOf(media))]
  }).flat()
}

const wide = (inside) => h('tr', null, h('td', { colspan: 3, class: 'wide' }, inside))

function answerRows(status, given) {
  const [[type, media] = []] = Object.entries(given.content || {})
  const example = media && exampleOf(media)
  const shown = example && typeof example === 'object' && wide(fold('example', () => json(example)))
  return [row(status, (media && media.schema) || { type: type || 'nothing' }, false, given.description), shown]
}

function errorRows(status, { content }) {
  return Object.entries(content['application/json'].examples).map(([word, named]) => {
    const { summary, value } = resolve(named)
    return [h('tr', null, h('td', null, h('code', null, word)), h('td', null, status), h('td', null, summary)),
      wide(fold('example', () => json(value)))]
  })
}

function responses(all) {
  const entries = Object.entries(all).map(([status, given]) => [status, resolve(given)])
  const isError = ([status]) => status >= 400
  const errors = entries.filter(isError).filter(([, { content }]) => content && content['application/json'].examples)
  const answers = entries.filter((entry) => !errors.includes(entry))
  const reasons = errors.flatMap(([, { content }]) => Object.keys(content['application/json'].examples))
  return [h('h2', null, 'Answers'), h('table', null, answers.map(([status, given]) => answerRows(status, given))),
    errors.length ? [h('h2', null, 'Errors'), fold(reasons.length + ' reasons', () =>
      h('table', null, errors.map(([status, given]) => errorRows(status, given))))] : []].flat()
}

const roles = (op) => (op['x-roles'] || []).map((role) => h('span', { class: 'role' }, role))

function operation(verb, path, op) {
  const box = h('details', { class: 'op', id: op.operationId },
    h('summary', null, h('span', { class: 'verb ' + verb }, verb.toUpperCase()), h('span', { class: 'path' }, path),
      roles(op), h('span', { class: 'note' }, op.summary)))
  box.addEventListener('toggle', () => {
    if (!box.open || box.children.length > 1) return
    box.append(h('div', null, h('p', null, lines(op.description)),
      parameters(op.parameters), requestBody(op.requestBody), responses(op.responses)))
  })
  return box
}

const operations = () => Object.entries(doc.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([verb, op]) => ({ verb, path, op })))

function show() {
  const wanted = decodeURIComponent(location.hash.slice(1))
  const all = operations()
  const asked = all.find(({ op }) => op.operationId === wanted)
  const tag = doc.tags.find(({ name }) => name === (asked ? asked.op.tags[0] : wanted))
  for (const link of $('tags').querySelectorAll('a')) {
    if (tag && link.hash === '#' + tag.name) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  if (!tag) return $('main').replaceChildren(h('h1', null, doc.info.title), ...prose(doc.info.description),
    h('h2', null, 'Shape of every error'), fields(doc.components.schemas.Error))
  const own = all.filter(({ op }) => op.tags[0] === tag.name)
  $('main').replaceChildren(h('h1', null, tag.name), h('p', { class: 'lead' }, tag.description || ''),
    ...own.map(({ verb, path, op }) => operation(verb, path, op)))
  const target = asked ? $(wanted) : undefined
  if (target) { target.open = true; target.scrollIntoView() } else scrollTo(0, 0)
}

function narrow() {
  const text = $('filter').value.toLowerCase()
  const hits = new Set(operations().filter(({ path, op }) => (path + ' ' + op.operationId + ' ' + op.summary)
    .toLowerCase().includes(text)).map(({ op }) => op.tags[0]))
  for (const item of $('tags').children) item.hidden = !hits.has(item.textContent)
}

async function start() {
  doc = await (await fetch('/openapi.json')).json()
  $('version').textContent = doc.info.version
  $('tags').append(...doc.tags.map(({ name }) => h('li', null, h('a', { href: '#' + name }, name))))
  $('filter').addEventListener('input', narrow)
  addEventListener('hashchange', () => { show(); $('main').focus() })
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === $('filter')) return
    event.preventDefault()
    $('filter').focus()
  })
  show()
}
start().catch(() => { $('main').textContent = 'The description could not be read. Reload the page to try again.' })
`
