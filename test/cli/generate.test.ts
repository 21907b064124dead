import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Asker, askFor } from '../../src/cli/generate/ask.ts'
import { unified } from '../../src/cli/generate/diff.ts'
import { renamedPath } from '../../src/cli/generate/mentions-reports.ts'
import { program } from '../../src/cli/program.ts'
import { openScratch, type Scratch } from '../support/scratch.ts'

const CODE = 'code:text:unique'
const run = (args: string[]) => program([...args, '--dry-run'], () => {})

const refused: [args: string[], sentence: RegExp][] = [
  // Names of resources.
  [['resource', 'gift-card', CODE], /gift-card: a resource is a plural: gift-cards\./],
  [['resource', 'GiftCards', CODE], /GiftCards: a resource is .*: gift-cards\./],
  [['resource', 'gift_card', CODE], /gift_card: a resource is .*: gift-cards\./],
  [['resource', 'repairman', CODE], /a plural: repairmen\./],
  [['resource', 'health', CODE], /health: is an address of Regal itself/],
  [['resource', 'openapi.json', CODE], /is an address of Regal itself/],
  [['resource', 'reports', CODE], /is an address of Regal itself/],
  [['resource', 'arguments', CODE], /arguments: means something else in the code/],
  [['resource', 'resources', CODE], /resources: means something else in the code/],
  [['resource', 'products', CODE], /products: there is such a resource\./],
  [['resource', 'parties', CODE], /src\/schemas\/parties\.ts is there already/],
  [['resource', 'refresh-tokens', CODE], /the database has a table refresh_tokens of its own/],
  [['resource', 'errors', CODE], /would be Error in the API's description/],
  [['resource', 'invoice-pages', CODE], /would be InvoicePage in the API's description/],
  // Names of fields.
  [['resource', 'gift-cards', 'id:text'], /id: every resource has it/],
  [['resource', 'gift-cards', 'version:integer'], /version: every resource has it/],
  [['resource', 'gift-cards', 'constructor:text'], /constructor: JavaScript means something else by it/],
  [['resource', 'gift-cards', 'limit:integer'], /limit: in a query it is the length of a page/],
  [['resource', 'gift-cards', 'xmin:integer'], /xmin: PostgreSQL keeps it/],
  [['resource', 'gift-cards', 'cardNo:text'], /cardNo: a field is .*: card_no\./],
  [['resource', 'gift-cards', CODE, 'code:text'], /code: two fields/],
  [
    ['resource', 'gift-cards', 'customer:text', 'customer:customers'],
    /customer: two fields, or a field and the record/
  ],
  // Types and options.
  [['resource', 'gift-cards', 'code'], /write a field as name:type/],
  [['resource', 'gift-cards', 'code:string'], /there is no type and no resource string; types are text, money,/],
  [['resource', 'gift-cards', 'customer:ref'], /as in customer:customers/],
  [['resource', 'gift-cards', 'code:text:uniq'], /text takes optional, .* and not uniq/],
  [['resource', 'gift-cards', 'done:flag:search'], /flag takes .* and not search/],
  [['resource', 'gift-cards', 'code:text:max'], /max needs a value/],
  [['resource', 'gift-cards', 'code:text:max=long'], /max is a whole number/],
  [['resource', 'gift-cards', 'code:text:unique:unique'], /unique is said twice/],
  [['resource', 'gift-cards', 'code:text:max=5000:unique'], /an indexed text has at most 600 characters/],
  [['resource', 'gift-cards', 'stars:integer:min=5:max=1'], /min is at most max/],
  [['resource', 'gift-cards', 'stars:integer:max=5:default=9'], /the default must be at most 5/],
  [['resource', 'gift-cards', 'state:choice'], /a choice names its values/],
  [['resource', 'gift-cards', 'state:choice=a,b:default=c'], /the default must be one of a, b/],
  [['resource', 'gift-cards', 'parent:gift-cards'], /the first could not be made; add :optional/],
  [['resource', 'gift-cards', CODE, '--label', 'name'], /--label name: there is no such field/],
  // Rights.
  [['resource', 'gift-cards', CODE, '--allow', 'admin:read'], /the administrator may do everything already/],
  [
    ['resource', 'gift-cards', CODE, '--allow', 'cashier:see'],
    /there is no see; say some of read, create, update, delete/
  ],
  [['resource', 'gift-cards', CODE, '--allow', 'cashier:create'], /must read it too; add read/],
  // Fields of what is there.
  [['field', 'gift-cards', CODE], /There is no resource gift-cards; there are branches,/],
  [['field', 'products', 'sku:text'], /sku: products has such a field/],
  [['field', 'products', 'brand:text:optional'], /brand: two fields, or a field and the record/],
  [['field', 'products', 'sold:invoices:optional'], /invoices come after products, and .* refer to products/],
  [['field', 'audit-logs', 'note:text:optional'], /its table is written by migrations alone/],
  // Hooks.
  [['hook', 'validate'], /src\/hooks\/validate\.ts is there already/],
  [['hook', 'CheckTill'], /CheckTill: a hook is in small letters and dashes: check-till/],
  [['hook', 'check-till', '--after', 'lunch'], /the pipeline has no such hook; it has logCall,/],
  [['hook', 'check-till', '--of', 'tills'], /There is no resource tills/],
  // Reports.
  [['report', 'sales', '--sum', 'total'], /sales: say what it is of/],
  [['report', 'sales', '--of', 'invoices'], /sales: say what it groups by or sums/],
  [['report', 'sales', '--of', 'invoices', '--sum', 'notes'], /notes is no number/],
  [['report', 'sales', '--of', 'invoices', '--group', 'status:month'], /is neither a date nor an instant/],
  [['report', 'sales-by-day', '--of', 'invoices', '--sum', 'total'], /src\/reports\/sales-by-day\.ts is there already/]
]

const refusedChanges: [args: string[], sentence: RegExp][] = [
  [['rename', 'field', 'products', 'size', 'length'], /products has no field size; it has sku,/],
  [['rename', 'field', 'products', 'sku', 'name'], /name: products has such a field/],
  [['rename', 'field', 'products', 'created_at', 'made_at'], /every resource has it, and it stays/],
  [['rename', 'field', 'products', 'vendor_id', 'seller'], /a reference ends in _id, as in seller_id/],
  [
    ['rename', 'field', 'customers', 'name', 'full_name'],
    /name comes with \.\.\.partyFields\(\), from src\/schemas\/parties\.ts/
  ],
  [['rename', 'field', 'products', 'branch_id', 'shop_id'], /would no longer hold together: branch_id is not a field/],
  [['remove', 'field', 'invoices', 'business_date'], /sales-by-day\.ts names it; change that first/],
  [['remove', 'field', 'products', 'name'], /the label in src\/schemas\/products\.ts names it/],
  [['remove', 'field', 'registers', 'branch_id'], /a unique key in src\/schemas\/registers\.ts names it/],
  [['remove', 'field', 'categories', 'parent_id'], /a check in src\/schemas\/categories\.ts names it/]
]

const misunderstood: [args: string[], sentence: RegExp][] = [
  [['generate'], /Say resource, field, hook, report/],
  [['generate', 'toString', 'x'], /Say resource, field, hook/],
  [['generate', 'resource', 'gift-cards'], /Say more: generate resource <name> <field>:<type>/],
  [['generate', 'hook', 'check-till', 'twice'], /one word too many: twice/],
  [['generate', 'field', 'products', 'size:text', '--service'], /--service does not go with generate field/],
  [['rename', 'products', 'sku', 'code'], /Say field/],
  [['rename', 'field', 'products', 'sku'], /Say more: rename field/],
  [['remove', 'field', 'products'], /Say more: remove field/]
]

describe('The generator refuses', function () {
  this.timeout(60_000)
  const cases = [...refused.map(([args, sentence]) => [['generate', ...args], sentence] as const), ...refusedChanges]
  for (const [args, sentence] of cases)
    it(args.join(' '), () => assert.rejects(run([...args]), { name: 'Error', message: sentence }))

  for (const [args, sentence] of misunderstood)
    it(`to guess at "${args.join(' ')}"`, () => assert.rejects(run(args), { name: 'UsageError', message: sentence }))
})

/** Answers as a person would, from a list; an answer that is refused is followed by the next. */
function scripted(answers: unknown[]): Asker & { refusals: string[] } {
  const refusals: string[] = []
  const next = async () => answers.shift() as never
  return {
    refusals,
    async text(_, check) {
      for (;;) {
        const answer = (await next()) as string
        try {
          check(answer)
          return answer
        } catch (error) {
          refusals.push((error as Error).message)
        }
      }
    },
    one: next,
    some: next,
    yes: next
  }
}

describe('The generator asks', () => {
  it('for a resource, until every answer will do', async () => {
    const code = ['Code', 'code', 'text', ['unique', 'search'], 'max=20:colour', 'max=20']
    const state = ['state', 'choice', 'open', 'open,done', [], 'default=open']
    const customer = ['customer', 'another resource', 'customers', ['optional'], '']
    const asker = scripted([
      'resource',
      'gift card',
      'gift-cards',
      ...code,
      ...state,
      ...customer,
      '',
      ['read'],
      ['create'],
      true
    ])
    assert.deepEqual(await askFor(asker, []), {
      words: [
        'resource',
        'gift-cards',
        'code:text:unique:search:max=20',
        'state:choice=open,done:default=open',
        'customer:customers:optional'
      ],
      options: { allow: ['employee:read', 'cashier:read,create'], service: true }
    })
    assert.deepEqual(
      asker.refusals.map((sentence) => sentence.split(':')[0]),
      ['gift card', 'Code', 'code', 'state']
    )
  })

  it('only for what was not said', async () => {
    assert.deepEqual(await askFor(scripted(['note', 'text', ['optional'], '', '']), ['field', 'products']), {
      words: ['field', 'products', 'note:text:optional'],
      options: {}
    })
    assert.deepEqual(await askFor(scripted(['check-till']), ['hook']), { words: ['hook', 'check-till'], options: {} })
    const report = scripted(['card-values', 'products', 'category.name', 'cost_price,unit_price'])
    assert.deepEqual(await askFor(report, ['report']), {
      words: ['report', 'card-values'],
      options: { of: 'products', group: ['category.name'], sum: ['cost_price,unit_price'] }
    })
  })
})

describe('A path of a report', () => {
  it('follows a field that is renamed, and the relation it makes', () => {
    const renamed = (path: string, field: [string, string], now: string) => renamedPath(path, 'invoices', field, now)
    assert.equal(renamed('business_date:month', ['invoices', 'business_date'], 'day'), 'day:month')
    assert.equal(renamed('customer.name', ['customers', 'name'], 'title'), 'customer.title')
    assert.equal(renamed('customer.branch.name', ['invoices', 'customer_id'], 'buyer_id'), 'buyer.branch.name')
    assert.equal(renamed('customer_id', ['invoices', 'customer_id'], 'buyer_id'), 'buyer_id')
    assert.equal(renamed('sum.total', ['invoices', 'total'], 'sum_total'), 'sum.sum_total')
    assert.equal(renamed('customer.name', ['invoices', 'name'], 'title'), 'customer.name')
    assert.equal(renamed('name', ['customers', 'name'], 'title'), 'name')
  })
})

describe('A dry run', function () {
  // Each command starts a program anew, which takes seconds on a busy machine.
  this.timeout(180_000)
  let scratch: Scratch
  before(async () => {
    scratch = await openScratch()
  })
  after(() => scratch.remove())

  for (const args of [
    ['generate', 'resource', 'gift-cards', CODE, 'value:money', '--service'],
    ['generate', 'field', 'products', 'origin:text:optional'],
    ['generate', 'hook', 'check-till'],
    ['generate', 'report', 'sales-by-customer', '--of', 'invoices', '--group', 'customer.name', '--sum', 'total'],
    ['rename', 'field', 'products', 'desc', 'description'],
    ['remove', 'field', 'products', 'brand_action']
  ])
    it(`shows what ${args.slice(0, 3).join(' ')} would write, and writes nothing`, async () => {
      const before = await scratch.contents()
      const { out, said, code } = await scratch.regal([...args, '--dry-run'])
      assert.equal(code, 0, said)
      assert.match(out, /^\+\+\+ b\/src\//m)
      assert.match(said, /Nothing was written\./)
      assert.deepEqual(await scratch.contents(), before)
    })

  it('adds its lines to a file that people wrote otherwise, and leaves the rest as it is', async () => {
    const path = 'src/schemas/index.ts'
    const text = await scratch.read(path)
    const other = text.replace("import { brands } from './brands.ts'", 'import {brands} from "./brands.ts"; // ours')
    assert.notEqual(other, text)
    await writeFile(join(scratch.root, path), other)
    const { out, code, said } = await scratch.regal(['generate', 'resource', 'gift-cards', CODE, '--dry-run'])
    assert.equal(code, 0, said)
    const [, hunks] = out.split(`+++ b/${path}\n`)
    const changed = hunks!
      .split('\n--- ')[0]!
      .split('\n')
      .filter((line) => /^[+-]/.test(line))
    const last = /\n( {2}\w+)\n\] as const/.exec(text)![1]
    assert.deepEqual(changed, ["+import { giftCards } from './gift-cards.ts'", `-${last}`, `+${last},`, '+  giftCards'])
  })

  it('shows a change as diff -u does', () => {
    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('')
    const before = numbered(1, 20)
    const after = `${numbered(1, 4)}five\n${numbered(6, 14)}new\n${numbered(15, 20)}`
    assert.equal(
      unified({ path: 'x', before, after }),
      `--- a/x\n+++ b/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -12,6 +12,7 @@\n 12\n 13\n 14\n+new\n 15\n 16\n 17\n`
    )
    assert.equal(unified({ path: 'x', before: null, after: 'a\n' }), '--- /dev/null\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n')
  })
})
