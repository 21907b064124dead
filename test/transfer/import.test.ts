import assert from 'node:assert/strict'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { all, counted, imported, sendFile, TYPES, workbook } from './support.ts'

describe('An import', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const made = async (sku: string): Promise<Json> => (await all(shop, 'products', `sku=${encodeURIComponent(sku)}`))[0]!

  describe('of CSV', () => {
    it('takes names and titles of fields, quotes, blank lines, spaces and leading zeros', async () => {
      const file =
        'SKU,Name,unit price,Cost_Price,barcode\r\nC1, Tea ,12.50,7,0012345\r\n\r\n"C2","Two\nlines, ""one""",3,1,\r\n'
      const record = await imported(shop, 'products', file)
      assert.deepEqual(counted(record), { rows_done: 2, created: 2, updated: 0, skipped: 0, failed: 0 })
      assert.equal(record.status, 'done')
      assert.deepEqual(record.mapping, {
        SKU: 'sku',
        Name: 'name',
        'unit price': 'unit_price',
        Cost_Price: 'cost_price',
        barcode: 'barcode'
      })
      const [first, second] = [await made('C1'), await made('C2')]
      assert.deepEqual([first.name, first.unit_price, first.barcode], ['Tea', '12.50', '0012345'])
      assert.deepEqual([second.name, second.barcode], ['Two\nlines, "one"', null])
      const kept = await shop.call('GET', `/imports/${record.id}`, undefined, shop.admin)
      assert.deepEqual(kept.body, record)
    })

    it('takes the byte order mark, semicolons and decimal commas of a spreadsheet', async () => {
      await imported(shop, 'products', '\ufeffsku;name;unit_price;cost_price\nD1;Tee;"1.234,50";0,5\n')
      const { unit_price, cost_price } = await made('D1')
      assert.deepEqual([unit_price, cost_price], ['1234.50', '0.50'])
    })

    it('takes UTF-16 by its mark, and another character set by its name', async () => {
      const file = 'sku,name,unit_price,cost_price\nE1,Tüte,1,1\n'
      await imported(shop, 'products', Buffer.from(`\ufeff${file}`, 'utf16le'))
      const latin = Buffer.from(file.replace('E1', 'E2'), 'latin1')
      await imported(shop, 'products', latin, { type: 'text/csv; charset=windows-1252' })
      assert.deepEqual([(await made('E1')).name, (await made('E2')).name], ['Tüte', 'Tüte'])
      const { status, body } = await sendFile(shop, 'products', latin)
      assert.equal(status, 400)
      assert.match(body.message, /not UTF-8/)
    })

    it('refuses a number of which nobody knows how large it is, unless the sign is told', async () => {
      const file = 'sku,name,unit_price,cost_price,limited_qty\nF1,Tea,1,1,"1,234"\n'
      const { report, failed } = await imported(shop, 'products', file)
      assert.equal(failed, 1)
      assert.deepEqual([report[0].row, report[0].column], [2, 'limited_qty'])
      assert.match(report[0].message, /1234 or 1\.234/)
      await imported(shop, 'products', file, { query: 'decimal=,' })
      assert.equal((await made('F1')).limited_qty, 1.234)
    })

    it('refuses a barcode that a spreadsheet cut', async () => {
      const { report } = await imported(
        shop,
        'products',
        'sku,name,unit_price,cost_price,barcode\nG1,Tea,1,1,4.00638E+12\n'
      )
      assert.deepEqual([report[0].column, report[0].message.includes('shortened')], ['barcode', true])
    })

    it('fills parts of a structured field, and references by name', async () => {
      const [vendor, brand] = await Promise.all([
        shop.call('POST', '/vendors', { name: 'Harbour', contacts: { phone: '12345' } }, shop.admin),
        shop.call('POST', '/brands', { name: 'Northwind' }, shop.admin)
      ])
      const file = 'name,phone,mail\nCorner,555 123,corner@example.com\nNobody,,\n'
      const query = 'mapping[phone]=contacts.phone&mapping[mail]=contacts.email'
      const { report } = await imported(shop, 'customers', file, { query })
      assert.deepEqual(report, [{ row: 3, column: 'phone', message: 'is required' }])
      const [customer] = await all(shop, 'customers', 'name=Corner')
      assert.deepEqual(customer!.contacts, { phone: '555 123', email: 'corner@example.com' })

      const goods =
        'sku,name,unit_price,cost_price,vendor.name,Marke\nH1,Tea,1,1,Harbour,NORTHWIND\nH2,Tea,1,1,Unknown,\n'
      const answer = await imported(shop, 'products', goods, { query: 'mapping[Marke]=brand.name' })
      assert.deepEqual(answer.report, [{ row: 3, column: 'vendor.name', message: 'names nothing that is there' }])
      const { vendor_id, brand_id } = await made('H1')
      assert.deepEqual([vendor_id, brand_id], [vendor.body.id, brand.body.id])
    })

    it('lets a row refer to one before it', async () => {
      const { failed } = await imported(shop, 'categories', 'name,parent.name\nDrinks,\nTea,Drinks\nGreen tea,tea\n')
      assert.equal(failed, 0)
      const [drinks, tea, green] = await Promise.all(
        ['Drinks', 'Tea', 'Green tea'].map(async (name) => (await all(shop, 'categories', `name=${name}`))[0]!)
      )
      assert.deepEqual([tea!.parent_id, green!.parent_id], [drinks!.id, tea!.id])
    })

    it('goes through the service of a resource with behaviour of its own', async () => {
      await imported(shop, 'products', 'sku,name,unit_price,cost_price\nI1,Tea,1,1\n')
      const file = `product.sku,branch.code,qty,type,reason,unit_cost\nI1,MAIN,12,IN,receipt,0.80\nI1,MAIN,-50,ADJUST,count,\n`
      const record = await imported(shop, 'stock-entries', file)
      assert.deepEqual([record.created, record.failed], [1, 1], JSON.stringify(record.report))
      assert.equal((await made('I1')).stock_level, 12)
    })

    it('reports each row at fault by its number and column, and makes the others', async () => {
      const file =
        'Artikel,name,Preis,cost_price\nJ1,Tea,x,1\n\nJ2,,1,-1\nJ1,Tea,1,1\nJ1,Again,1,1\nJ3,Tea,1\nJ4,Tea,1,1,more\n'
      const { body } = await sendFile(shop, 'products', file, {
        query: 'mapping[Artikel]=sku&mapping[Preis]=unit_price'
      })
      assert.deepEqual(counted(body), { rows_done: 6, created: 1, updated: 0, skipped: 0, failed: 5 })
      assert.deepEqual(
        body.report.map(({ row, column }: Json) => [row, column]),
        [
          [2, 'Preis'],
          [4, 'name'],
          [4, 'cost_price'],
          [6, 'Artikel'],
          [7, 'cost_price'],
          [8, undefined]
        ]
      )
      assert.equal(body.report[3].message, 'Another record has this value already.')
    })

    it('refuses columns that nobody knows, before anything is made', async () => {
      const wrong: [string, string, RegExp][] = [
        ['sku,name,unit_price,cost_price,colour\nK1,Tea,1,1,red\n', '', /colour is not a field/],
        ['sku,name,unit_price,cost_price\nK1,Tea,1,1\n', 'mapping[Preis]=unit_price', /not a column of the file/],
        ['sku,name,unit_price,cost_price\nK1,Tea,1,1\n', 'mapping[name]=version', /version cannot be set/],
        ['sku,name,unit_price,cost_price\nK1,Tea,1,1\n', 'mapping[name]=sku', /fills sku/],
        ['x,y\n1,2\n', 'mapping[x]=&mapping[y]=', /no column/],
        ['\n\n', '', /empty/],
        ['sku,name\n', 'upsert=name', /unique key/],
        ['sku,name\n', 'on_errors=stop', /not a parameter/],
        ['sku,name\n', 'id=7', /UUID/]
      ]
      const before = await all(shop, 'imports')
      for (const [file, query, message] of wrong) {
        const { status, body } = await sendFile(shop, 'products', file, { query })
        assert.equal(status, 400, query)
        assert.match(JSON.stringify(body), message)
      }
      assert.equal((await all(shop, 'imports')).length, before.length)
      const ignored = 'sku,name,unit_price,cost_price,a [b]\nK2,Tea,1,1,x\n'
      const { mapping } = await imported(shop, 'products', ignored, {
        query: `mapping=${encodeURIComponent('{"a [b]": null}')}`
      })
      assert.equal(mapping['a [b]'], null)
    })
  })

  it('of a workbook takes numbers, days, flags and text that looks like a number', async () => {
    const rows = [
      ['sku', 'name', 'unit_price', 'cost_price', 'barcode', 'is_active', 'limited_qty'],
      ['L1', 'Tea', 12.5, 0.1 + 0.2, '00123', false, 2.125],
      [null, null, null, null, null, null, null],
      [4711, new Date('2026-01-31T00:00:00Z'), 3, 1, 4006381333931, true, 1]
    ]
    const record = await imported(shop, 'products', await workbook(rows), { type: TYPES.xlsx })
    assert.deepEqual([record.format, record.created, record.report], ['xlsx', 2, []])
    const [first, second] = [await made('L1'), await made('4711')]
    assert.deepEqual(
      [first.unit_price, first.cost_price, first.barcode, first.is_active, first.limited_qty],
      ['12.50', '0.30', '00123', false, 2.125]
    )
    assert.deepEqual([second.name, second.barcode], ['2026-01-31', '4006381333931'])
  })

  it('of JSON lines takes values as the API does', async () => {
    const lines = [
      { sku: 'M1', name: 'Tea', unit_price: 12.5, cost_price: '7', attributes: { size: 'L' } },
      { sku: 'M2', name: 'Tea', unit_price: 1, cost_price: 1, limited_qty: '5' },
      { sku: 'M3', nothing: 1 }
    ]
    const file = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\n[]\n{"sku"\n`
    const record = await imported(shop, 'products', file, { type: TYPES.jsonl })
    assert.deepEqual([record.created, record.failed], [1, 4])
    assert.deepEqual(
      record.report.map(({ row, column }: Json) => [row, column]),
      [
        [2, 'limited_qty'],
        [3, 'nothing'],
        [5, undefined],
        [6, undefined]
      ]
    )
    assert.deepEqual((await made('M1')).attributes, { size: 'L' })
  })
})
