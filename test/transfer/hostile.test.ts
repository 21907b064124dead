import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { v7 as uuidv7 } from 'uuid'
import { openShop, type Shop } from '../support/shop.ts'
import { all, imported, sendFile, TYPES, workbook } from './support.ts'

const LIMIT = 2_000_000
const HEAD = 'sku,name,unit_price,cost_price'

/** An archive as ZIP has it: `size` is what an entry claims to unpack to. */
function archive(entries: { name: string; data: Buffer; size?: number }[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, size = data.length } of entries) {
    const packed = deflateRawSync(data, { level: 9 })
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(Buffer.concat(directory).length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end])
}

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relation = (id: string, type: string, target: string) =>
  `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/></Relationships>`

/** A workbook around a sheet of any kind. */
function book(sheet: Buffer, size?: number): Buffer {
  const text = (name: string, xml: string) => ({ name, data: Buffer.from(xml) })
  return archive([
    text('[Content_Types].xml', `<Types xmlns="${PACKAGE}/content-types"/>`),
    text('_rels/.rels', relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    text('xl/workbook.xml', '<workbook><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'),
    text('xl/_rels/workbook.xml.rels', relation('rId1', 'worksheet', 'worksheets/sheet1.xml')),
    { name: 'xl/worksheets/sheet1.xml', data: sheet, ...(size !== undefined && { size }) }
  ])
}
const sheetOf = (rows: string) => Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`)

describe('A hostile file', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop({ limits: { import_bytes: LIMIT } })
  })
  after(() => shop.close())

  /** Refused with a sentence, or ended with one; and the shop goes on. */
  async function survives(body: string | Uint8Array, type: string, sentence: RegExp): Promise<void> {
    const answer = await sendFile(shop, 'products', body, { type })
    const said = answer.status === 201 ? answer.body.failure : answer.body.message
    assert.ok([201, 400, 413].includes(answer.status), JSON.stringify(answer.body))
    assert.match(String(said), sentence)
    if (answer.status === 201) assert.equal(answer.body.status, 'failed')
    assert.equal((await shop.call('GET', '/health/ready')).status, 200)
  }

  it('that is no workbook is refused', async () => {
    const cell = '<row><c t="inlineStr"><is><t>sku</t></is></c></row>'
    const whole = Buffer.from(await workbook([['sku'], ['A']]))
    await survives('sku,name\nA,B\n', TYPES.xlsx, /not an Excel workbook/)
    await survives(Buffer.alloc(100_000, 7), TYPES.xlsx, /not an Excel workbook/)
    await survives(whole.subarray(0, whole.length - 30), TYPES.xlsx, /not an Excel workbook/)
    await survives(archive([{ name: 'a.txt', data: Buffer.from('hello') }]), TYPES.xlsx, /cannot be read/)
    await survives(book(sheetOf(cell).subarray(0, 40)), TYPES.xlsx, /empty|cannot be read/)
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)])
    await survives(old, TYPES.xlsx, /not an Excel workbook/)
    // The same harness makes one that is read, so that the others fail for what they are.
    const { report } = await imported(
      shop,
      'categories',
      book(sheetOf(['name', 'Good'].map((text) => cell.replace('sku', text)).join(''))),
      { type: TYPES.xlsx }
    )
    assert.deepEqual(report, [])
  })

  it('that unpacks to more than it says, or to too much, is refused', async () => {
    const zeros = Buffer.alloc(160 * 1024 * 1024, ' ')
    await survives(book(zeros), TYPES.xlsx, /too large when unpacked/)
    await survives(book(zeros, 1000), TYPES.xlsx, /cannot be read/)
    await survives(book(zeros, 0), TYPES.xlsx, /not an Excel workbook/)
  })

  it('that is one row of millions of cells ends the process that reads it, not the shop', async () => {
    const cells = Buffer.alloc(64 * 1024 * 1024, '<c/>')
    const sheet = Buffer.concat([
      Buffer.from('<worksheet><sheetData><row>'),
      cells,
      Buffer.from('</row></sheetData></worksheet>')
    ])
    await survives(book(sheet), TYPES.xlsx, /too large, or broken|cannot be read/)
  }).timeout(60_000)

  it('with too many columns is refused', async () => {
    await survives(`${Array.from({ length: 5000 }, (_, i) => `c${i}`).join(',')}\n1\n`, TYPES.csv, /500 columns/)
  })

  it('with a line that has no end is refused, and its quotes do not swallow the rest', async () => {
    await survives('x'.repeat(1_500_000), TYPES.csv, /too long/)
    const open = `${HEAD}\nA1,Tea,1,1\nA2,"Tea,1,1\n${'y'.repeat(1_200_000)}`
    await survives(open, TYPES.csv, /Row 3: A row is longer|Row 3: A quote/)
    await survives(`${HEAD}\nA1,Tea,1,1\nA2,"Tea,1,1\n`, TYPES.csv, /Row 3: A quote is left open/)
    await survives(`{"sku":"${'z'.repeat(1_500_000)}`, TYPES.jsonl, /too long/)
    assert.equal((await all(shop, 'products', 'sku=A1')).length, 1)
  })

  it('that is larger than allowed is refused at once, or ends where it passes the limit', async () => {
    const row = `B,${'Tea'.repeat(45)},1,1\n`
    const body = `${HEAD}\n${row.repeat(Math.ceil(LIMIT / row.length))}`
    const told = await sendFile(shop, 'products', body)
    assert.deepEqual([told.status, told.body.data.reason], [413, 'too_large'])
    const id = uuidv7()
    const chunks = async function* () {
      for (let i = 0; i < body.length; i += 65_536) yield Buffer.from(body.slice(i, i + 65_536))
    }
    const response = await fetch(`${shop.url}/products/import?id=${id}&dry_run=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.admin}`, 'content-type': TYPES.csv },
      body: chunks(),
      duplex: 'half'
    } as RequestInit)
    const record = (await response.json()) as { status: string; failure: string }
    assert.deepEqual([record.status, /larger than 2 MB/.test(record.failure)], ['failed', true])
  })

  it('of another type, compressed, or in bytes that are no text is refused', async () => {
    const file = `${HEAD}\nC1,Tea,1,1\n`
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])
      assert.equal((await sendFile(shop, 'products', file, { type })).status, 415, type)
    const packed = await fetch(`${shop.url}/products/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.admin}`, 'content-type': TYPES.csv, 'content-encoding': 'gzip' },
      body: file
    })
    assert.equal(packed.status, 415)
    await survives(Buffer.from([0x73, 0x6b, 0x75, 0x0a, 0xff, 0xc0]), TYPES.csv, /not UTF-8/)
    await survives(file, 'text/csv; charset=nonsense', /no character set/)
    const { report } = await imported(shop, 'products', `${HEAD}\nC1,Te\u0007a,1,1\n__proto__,constructor,1,1\n`)
    assert.deepEqual(report, [{ row: 2, message: 'The data contains text that is not well formed.' }])
    await survives('__proto__,constructor,toString\n1,2,3\n', TYPES.csv, /is not a field/)
  })

  it('keeps no import running for who sends nothing more, and only so many at once', async () => {
    const url = new URL(shop.url)
    const open = await Promise.all(
      [1, 2].map(
        () =>
          new Promise<ReturnType<typeof connect>>((done) => {
            const socket = connect(Number(url.port), url.hostname, () => {
              socket.write(
                `POST /products/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${shop.admin}\r\n` +
                  `Content-Type: text/csv\r\nContent-Length: 1000\r\n\r\n${HEAD}\nD0,Tea,1,1\n`
              )
              done(socket)
            })
            socket.on('error', () => {})
          })
      )
    )
    const running = async () => (await all(shop, 'imports', 'status=running')).length
    while ((await running()) < 2) await new Promise((done) => setTimeout(done, 20))
    const third = await sendFile(shop, 'products', `${HEAD}\n`)
    assert.deepEqual([third.status, third.body.data.reason], [429, 'rate_limited'])
    for (const socket of open) socket.destroy()
    while ((await running()) > 0) await new Promise((done) => setTimeout(done, 20))
    assert.equal((await sendFile(shop, 'products', `${HEAD}\nD1,Tea,1,1\n`)).status, 201)
  })
})
