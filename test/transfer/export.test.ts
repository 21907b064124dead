import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { readXlsx } from 'hucre/xlsx'
import { escapeFormula, unescapeFormula } from '../../src/transfer/formula.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { all, getFile, imported, sendFile, TYPES } from './support.ts'

const FORMULAS = ['=1+1', '+49 30', '-5 degrees', '@SUM(A1)', "'=x", "''+y", "'quoted'", '＝A1', 'a=b']

describe('An export', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const bytesOf = async (query: string) => (await getFile(shop, `/products/export?${query}`)).bytes
  const tableOf = async (query: string): Promise<string[][]> =>
    parse(Buffer.from(await bytesOf(query)), { bom: true, relax_column_count: true })
  const clear = () => shop.db.database.query('delete from products')
  const make = (records: Json[]) =>
    imported(shop, 'products', records.map((record) => JSON.stringify(record)).join('\n'), { type: TYPES.jsonl })
  const product = (sku: string, more: Json = {}) => ({
    sku,
    name: 'Tea',
    unit_price: '1.00',
    cost_price: '1.00',
    ...more
  })
  /** What an import can bring back: all but what the server sets. */
  const essence = ({ created_at: _, updated_at: __, version: ___, stock_level: ____, ...record }: Json) => record

  it('has the list that was asked for, whole, with names and types that say what it is', async () => {
    await make(
      Array.from({ length: 1100 }, (_, i) => product(`A${String(i).padStart(4, '0')}`, { limited_qty: i % 7 }))
    )
    const { headers, bytes } = await getFile(shop, '/products/export')
    assert.match(headers.get('content-disposition')!, /^attachment; filename="products-\d{4}-\d\d-\d\d\.csv"$/)
    assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('cache-control'), 'no-store')
    const rows = parse(Buffer.from(bytes), { bom: true })
    assert.equal(rows.length, 1101)
    assert.equal(new Set(rows.map(([id]: string[]) => id)).size, 1101)
    const some = await tableOf('limited_qty=3&$sort[sku]=-1&$select=sku,limited_qty')
    assert.deepEqual(some[0], ['id', 'sku', 'limited_qty'])
    assert.equal(some.length, 1 + 157)
    assert.ok(some.slice(1).every(([, , quantity]) => quantity === '3'))
    const skus = some.slice(1).map(([, sku]) => sku!)
    assert.deepEqual(skus, skus.toSorted().toReversed())
    assert.equal((await tableOf('$search=A0007')).length, 2)
    await clear()
    assert.equal((await tableOf('')).length, 1)
  })

  it('gives numbers, days and flags to Excel, and records to JSON lines', async () => {
    await make([
      product('B1', { unit_price: '12.50', limited_qty: 2.125, is_active: false, barcode: '0012', desc: 'a\nb' })
    ])
    const book = await readXlsx(await bytesOf('$format=xlsx&$select=sku,unit_price,limited_qty,is_active,barcode,desc'))
    const [, row] = book.sheets[0]!.rows
    assert.deepEqual(row!.slice(1), ['B1', 12.5, 2.125, false, '0012', 'a\nb'])
    const lines = Buffer.from(await bytesOf('$format=jsonl'))
      .toString()
      .trim()
      .split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      await all(shop, 'products')
    )
    const sale = { items: [{ sku: 'B1', quantity: 1 }], status: 'draft' }
    await shop.call('PATCH', `/products/${(await all(shop, 'products'))[0]!.id}`, { is_active: true }, shop.admin)
    const made = await shop.call('POST', '/invoices', sale, shop.admin)
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const invoices = Buffer.from((await getFile(shop, '/invoices/export?$format=jsonl')).bytes).toString()
    assert.deepEqual(
      JSON.parse(invoices),
      (await shop.call('GET', `/invoices/${made.body.id}`, undefined, shop.admin)).body
    )
    const [titles, cells]: string[][] = parse(Buffer.from((await getFile(shop, '/invoices/export')).bytes), {
      bom: true
    })
    assert.equal(cells![titles!.indexOf('total')], made.body.totals.total)
    await shop.call('DELETE', `/invoices/${made.body.id}`, undefined, shop.admin)
    await shop.db.database.query('delete from invoice_items').then(() => shop.db.database.query('delete from invoices'))
    await clear()
  })

  it('keeps text from being run as a formula, and amounts as they are', async () => {
    const names = FORMULAS.map((name, i) => product(`C${i}`, { name, desc: name }))
    await make(names)
    const rows = await tableOf('$sort[sku]=1&$select=name,unit_price')
    for (const [, name] of rows.slice(1)) assert.doesNotMatch(name!, /^[=+\-@\t\r\n＝＋－＠]/)
    assert.equal(rows[1]![1], "'=1+1")
    const entry = { product_id: (await all(shop, 'products', 'sku=C0'))[0]!.id, branch_id: shop.branch, type: 'IN' }
    await shop.call('POST', '/stock-entries', { ...entry, qty: 5, reason: 'receipt', unit_cost: '1' }, shop.admin)
    await shop.call('POST', '/stock-entries', { ...entry, type: 'ADJUST', qty: -2, reason: 'count' }, shop.admin)
    const moves = parse(
      Buffer.from((await getFile(shop, '/stock-entries/export?$select=qty&$sort[created_at]=1')).bytes),
      {
        bom: true
      }
    )
    assert.deepEqual(
      moves.slice(1).map(([, qty]: string[]) => qty),
      ['5', '-2']
    )
    for (const text of FORMULAS) assert.equal(unescapeFormula(escapeFormula(text)), text)
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '=', '+', 'a', ' ', '\t', '＝') }), (text) => {
        assert.equal(unescapeFormula(escapeFormula(text)), text)
        assert.doesNotMatch(escapeFormula(text), /^[=+\-@\t\r\n＝＋－＠]/)
      })
    )
  })

  const line = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((text) => text.isWellFormed() && !/[\p{Cc}\u2028\u2029\ufffe\uffff]/u.test(text))
  const text = fc
    .oneof(
      line,
      fc.constantFrom(...FORMULAS, '"', ',;\t|', 'a\nb', 'a\r\nb', '0012', 'null', 'true', '1,5', '\ufeffx', '  ')
    )
    .map((value) => value.normalize('NFC').trim())
    .filter((value) => value !== '' && value.length <= 50)
  const money = fc.integer({ min: 0, max: 99_999_999 }).map((cents) => (cents / 100).toFixed(2))
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
  const record = fc.record({
    name: text,
    desc: optional(text),
    article_no: optional(text),
    unit_price: money,
    cost_price: money,
    tax_rate: fc.integer({ min: 0, max: 1_000_000 }).map((value) => (value / 10_000).toFixed(4)),
    limited_qty: fc.integer({ min: 0, max: 9_999_999 }).map((value) => value / 1000),
    is_active: fc.boolean(),
    attributes: optional(fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(text, fc.integer(), fc.boolean())))
  })

  for (const format of ['csv', 'xlsx', 'jsonl'] as const)
    it(`as ${format} brings the same records back`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 30 }), async (records) => {
          await shop.db.database.query('truncate products cascade')
          const { failed, report } = await make(records.map((one, i) => ({ ...one, sku: `D${i}` })))
          assert.equal(failed, 0, JSON.stringify(report))
          const before = await all(shop, 'products', '$sort[sku]=1')
          const file = await bytesOf(`$format=${format}`)
          await shop.db.database.query('truncate products cascade')
          const answer = await imported(shop, 'products', file, { type: TYPES[format] })
          assert.equal(answer.created, records.length, JSON.stringify(answer.report))
          const after = await all(shop, 'products', '$sort[sku]=1')
          assert.deepEqual(after.map(essence), before.map(essence))
          const again = await imported(shop, 'products', file, { type: TYPES[format], query: 'upsert=sku' })
          assert.equal(again.skipped, records.length, JSON.stringify(again.report))
        }),
        { numRuns: format === 'xlsx' ? 4 : 12 }
      )
    }).timeout(60_000)

  it('refuses what is no list, or only a part of one', async () => {
    const wrong = [
      '$limit=5',
      '$skip=1',
      '$after=',
      '$total=none',
      '$group=name',
      '$format=pdf',
      '$include=vendor',
      'nope=1'
    ]
    for (const query of wrong) {
      const { status, body } = await shop.call('GET', `/products/export?${query}`, undefined, shop.admin)
      assert.deepEqual([status, body.data.reason], [400, 'invalid_query'], query)
    }
    const lines = await getFile(shop, '/products/export?$format=jsonl&$include=vendor')
    assert.equal(lines.headers.get('content-type'), 'application/x-ndjson; charset=utf-8')
  })

  describe('of a long list', () => {
    before(async () => {
      await shop.db.database.query('truncate products cascade')
      await shop.db.database.query(
        `insert into products (id, sku, name, "desc", unit_price, cost_price)
         select gen_random_uuid(), 'L' || n, 'Long', repeat('x', 1500), 1, 1 from generate_series(1, 20000) n`
      )
    })

    it('stops reading when nobody listens any more, and holds no transaction open for who listens slowly', async () => {
      const { database } = shop.running.regal
      const before = database.statements
      const abort = new AbortController()
      const { body } = await fetch(`${shop.url}/products/export`, {
        headers: { authorization: `Bearer ${shop.admin}` },
        signal: abort.signal
      })
      const reader = body!.getReader()
      await reader.read()
      // Whoever reads no further fills what lies between; then the database is left alone.
      let sent = -1
      while (sent !== database.statements) {
        sent = database.statements
        await new Promise((done) => setTimeout(done, 300))
      }
      const open = await shop.db.database.query(
        `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`
      )
      assert.deepEqual(open, [])
      // The whole list is twenty pages.
      assert.ok(sent - before < 15, `${sent - before} statements for some rows`)
      abort.abort()
      await reader.closed.catch(() => {})
      assert.equal((await shop.call('GET', '/health/ready')).status, 200)
      assert.ok(database.statements < sent + 10)
    })

    it('breaks the connection when it cannot go on: half a file is not a whole one', async () => {
      const { body } = await fetch(`${shop.url}/products/export`, {
        headers: { authorization: `Bearer ${shop.admin}` }
      })
      const reader = body!.getReader()
      await reader.read()
      await shop.db.database.query('alter table products rename to gone')
      try {
        await assert.rejects(async () => {
          for (;;) if ((await reader.read()).done) return
        })
      } finally {
        await shop.db.database.query('alter table gone rename to products')
      }
    })
  })

  it('and an import are found by no other method', async () => {
    for (const [method, path] of [
      ['POST', '/products/export'],
      ['PUT', '/products/import'],
      ['DELETE', '/products/export']
    ] as const)
      assert.ok(
        [400, 404, 405].includes((await shop.call(method, path, undefined, shop.admin)).status),
        `${method} ${path}`
      )
    const head = await fetch(`${shop.url}/products/export`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${shop.admin}` }
    })
    assert.equal(head.status, 200)
    assert.equal((await sendFile(shop, 'nothing', 'a\n1\n')).status, 415)
  })
})
