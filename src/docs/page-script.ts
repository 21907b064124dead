/** The script of the page at /docs: reads /openapi.json and draws one tag at a time. Text is never parsed as HTML. */
export const pageScript = `
'use strict'
let doc
const MANY = 8
const $ = (id) => document.getElementById(id)

function h(name, props, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(props || {})) node.setAttribute(key, value)
  node.append(...children.flat(3).filter((child) => child !== undefined && child !== null && child !== ''))
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
  return schema.format ? type + ' (' + schema.format + ')' : type
}

function limits(schema) {
  const at = (name, text) => (schema[name] === undefined ? undefined : text + ' ' + JSON.stringify(schema[name]))
  return [at('minimum', 'at least'), at('exclusiveMinimum', 'above'), at('maximum', 'at most'),
    schema.minLength > 1 ? 'at least ' + schema.minLength + ' characters' : undefined,
    schema.maxLength ? 'at most ' + schema.maxLength + ' characters' : undefined,
    at('default', 'default')].filter(Boolean).join(', ')
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
  const notes = [limits(schema), schema.pattern].filter(Boolean).join(', ')
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
  const isFilter = (one) => one.style === 'deepObject' && one.name[0] !== '$'
  const table = (some) => h('table', null, some.map((one) => row(one.name, one.schema, one.required, one.description)))
  const plain = all.filter((one) => !isFilter(one))
  const filters = all.filter(isFilter).map((one) => {
    const [value, operators] = resolve(one.schema).anyOf
    return { name: one.name, schema: value, description: Object.keys(operators.properties).join(' ') }
  })
  return [plain.length && [h('h2', null, 'Parameters'), table(plain)],
    filters.length && [h('h2', null, 'Filters'), fold(filters.length + ' fields, each as ' + filters[0].name +
      '=value or with an operator, ' + filters[0].name + '[$ne]=value', () => table(filters))]].flat().filter(Boolean)
}

function requestBody(request) {
  if (!request) return []
  const media = request.content['application/json']
  const example = media.example && [h('h2', null, 'Example'), h('pre', null, JSON.stringify(media.example, null, 2))]
  return [h('h2', null, 'Body: ' + nameOf(media.schema)), fields(media.schema), example].flat().filter(Boolean)
}

function responses(all) {
  const sentences = new Map(doc.components.schemas.Reason.oneOf.map((one) => [one.const, one.description.slice(5)]))
  const answers = []
  const errors = []
  for (const [status, given] of Object.entries(all)) {
    const media = (resolve(given).content || {})['application/json']
    if (!given.$ref) answers.push(row(status, media ? media.schema : {}, false, given.description))
    else for (const word of given.description.match(/\\w+/g))
      errors.push(h('tr', null, h('td', null, h('code', null, word)), h('td', null, status),
        h('td', null, sentences.get(word))))
  }
  return [h('h2', null, 'Answers'), h('table', null, answers),
    errors.length ? [h('h2', null, 'Errors'), fold(errors.length + ' reasons', () => h('table', null, errors))] : []].flat()
}

function operation(verb, path, op) {
  const box = h('details', { class: 'op', id: op.operationId },
    h('summary', null, h('span', { class: 'verb ' + verb }, verb.toUpperCase()), h('span', { class: 'path' }, path),
      h('span', { class: 'note' }, op.summary)))
  box.addEventListener('toggle', () => {
    if (!box.open || box.children.length > 1) return
    box.append(h('div', null, h('p', null, lines(op.security ? 'No sign-in needed.' : op.description)),
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
