import assert from 'node:assert/strict'
import { Type } from '@feathersjs/typebox'
import { choice, flag, instant, integer, json, money, optional, ref, text } from '../../src/schemas/fields.ts'
import { holds, idOf, things } from './corpus.ts'

const shelves = things({ fields: { code: text({ max: 10 }) }, options: { name: 'shelves' } })

holds('A migration of columns', [
  {
    name: 'adds an optional field',
    before: { name: text() },
    after: { name: text(), note: optional(text({ max: 80 })) },
    rows: [{ name: 'a' }],
    steps: ['safe things.note'],
    remains: [{ name: 'a', note: null }]
  },
  {
    name: 'adds a field with a default',
    before: { name: text() },
    after: {
      name: text(),
      is_active: flag({ default: true }),
      tags: json(Type.Array(Type.String()), { default: ['x'] })
    },
    rows: [{ name: 'a' }],
    steps: ['safe things.is_active', 'safe things.tags'],
    remains: [{ name: 'a', is_active: true, tags: ['x'] }]
  },
  {
    name: 'adds a required field to an empty table',
    before: { name: text() },
    after: { name: text(), code: text({ max: 5 }) },
    steps: ['locking things.code'],
    remains: []
  },
  {
    name: 'refuses a required field on a full table',
    before: { name: text() },
    after: { name: text(), code: text({ max: 5 }) },
    rows: [{ name: 'a' }, { name: 'b' }],
    steps: ['locking things.code'],
    counts: ['things.code 2'],
    refused: /^things\.code is required: say what takes the place with --fill things\.code=\.\.\.$/
  },
  {
    name: 'fills a new required field',
    before: { name: text() },
    after: { name: text(), code: text({ max: 5 }), price: money({ positive: true }) },
    rows: [{ name: 'a' }, { name: 'b' }],
    fill: { 'things.code': "it's", 'things.price': '2.5' },
    steps: ['locking things.code', 'locking things.price'],
    remains: [
      { code: "it's", price: '2.5000' },
      { code: "it's", price: '2.5000' }
    ]
  },
  {
    name: 'refuses a fill that the field would not take',
    before: { name: text() },
    after: { name: text(), kind: choice(['a', 'b']) },
    rows: [{ name: 'a' }],
    fill: { 'things.kind': 'c' },
    steps: ['locking things.kind'],
    counts: ['things.kind 1'],
    refused: /--fill things\.kind: must be one of a, b/
  },
  {
    name: 'refuses options that nothing asks for',
    before: { name: text() },
    after: { name: text(), note: optional(text()) },
    fill: { 'things.name': 'x', 'things.nothing': 'x' },
    loss: { 'things.name': 3 },
    steps: ['safe things.note'],
    refused:
      /--fill things\.nothing: there is no such field\n--fill things\.name: nothing in this plan asks for it\n--allow-loss things\.name: nothing/
  },
  {
    name: 'drops a field within its budget',
    before: { name: text(), note: optional(text()) },
    after: { name: text() },
    rows: [{ name: 'a', note: 'x' }, { name: 'b' }],
    loss: { 'things.note': 1 },
    steps: ['lossy things.note'],
    counts: ['things.note 1'],
    remains: [{ name: 'a' }, { name: 'b' }]
  },
  {
    name: 'refuses to drop a field without a budget',
    before: { name: text(), note: optional(text()) },
    after: { name: text() },
    rows: [
      { name: 'a', note: 'x' },
      { name: 'b', note: 'y' }
    ],
    steps: ['lossy things.note'],
    counts: ['things.note 2'],
    refused: /^things\.note would be dropped with 2 values \('x', 'y'\); allow it with --allow-loss things\.note=2$/
  },
  {
    name: 'refuses to drop more than the budget',
    before: { name: text(), note: optional(text()) },
    after: { name: text() },
    rows: [
      { name: 'a', note: 'x' },
      { name: 'b', note: 'y' }
    ],
    loss: { 'things.note': 1 },
    steps: ['lossy things.note'],
    counts: ['things.note 2'],
    refused: /things\.note: 2 values \('x', 'y'\), and --allow-loss allows 1/
  },
  {
    name: 'refuses to drop even an empty field that nobody asked to drop',
    before: { name: text(), note: optional(text()) },
    after: { name: text() },
    steps: ['lossy things.note'],
    refused: /allow it with --allow-loss things\.note=0/
  },
  {
    name: 'takes a field renamed without its id for another, and says so',
    before: { name: text() },
    after: { title: text() },
    rows: [{ name: 'a' }],
    fill: { 'things.title': 'x' },
    steps: ['lossy things.name', 'locking things.title'],
    counts: ['things.name 1'],
    refused: /if it was renamed, say so in the definition of the new field with id: 'name'/
  },
  {
    name: 'renames a field',
    before: { name: text({ max: 20, unique: true, search: true, index: true }), kind: choice(['a', 'b']) },
    after: {
      title: text({ max: 20, unique: true, search: true, index: true, id: 'name' }),
      sort: choice(['a', 'b'], { id: 'kind' })
    },
    rows: [{ name: 'a', kind: 'b' }],
    steps: ['locking things.title', 'locking things.sort'],
    remains: [{ title: 'a', sort: 'b' }]
  },
  {
    name: 'swaps the names of two fields',
    before: { net: money(), gross: money({ positive: true }) },
    after: { gross: money({ id: 'net' }), net: money({ positive: true, id: 'gross' }) },
    rows: [{ net: '-1', gross: '2' }],
    steps: ['locking things.gross', 'locking things.net'],
    remains: [{ gross: '-1.0000', net: '2.0000' }]
  },
  {
    name: 'renames three fields in a circle',
    before: { a: text({ max: 1 }), b: text({ max: 2 }), c: text({ max: 3 }) },
    after: { b: text({ max: 1, id: 'a' }), c: text({ max: 2, id: 'b' }), a: text({ max: 3, id: 'c' }) },
    rows: [{ a: 'x', b: 'yy', c: 'zzz' }],
    steps: ['locking things.a', 'locking things.b', 'locking things.c'],
    remains: [{ b: 'x', c: 'yy', a: 'zzz' }]
  },
  {
    name: 'gives the name of a dropped field to another, and its old name to a new one',
    before: { name: text({ max: 9 }), title: optional(text()) },
    after: { title: text({ max: 9, id: 'name' }), name: optional(integer({ id: 'name2' })) },
    rows: [{ name: 'a', title: 'gone' }],
    loss: { 'things.title': 1 },
    steps: ['lossy things.title', 'locking things.title', 'safe things.name'],
    counts: ['things.title 1'],
    remains: [{ title: 'a', name: null }]
  },
  {
    name: 'renames a reference with its constraint and index',
    beside: [shelves],
    before: { shelf_id: optional(ref('shelves')) },
    after: { place_id: optional(ref('shelves', { id: 'shelf_id' })) },
    setup: `insert into shelves (id, code) values ('${idOf(1)}', 'A')`,
    rows: [{ shelf_id: idOf(1) }],
    steps: ['locking things.place_id'],
    remains: [{ place_id: idOf(1) }]
  },
  {
    name: 'renames a field that a rule and a key over several fields name',
    before: { fields: { a: integer(), b: integer() }, options: { unique: [['a', 'b']], checks: { order: 'a < b' } } },
    after: {
      fields: { least: integer({ id: 'a' }), b: integer() },
      options: { unique: [['least', 'b']], checks: { order: 'least < b' } }
    },
    rows: [{ a: 1, b: 2 }],
    steps: ['locking things.least'],
    remains: [{ least: 1, b: 2 }]
  },
  {
    name: 'changes a default, drops one and sets another',
    before: {
      a: integer({ default: 1 }),
      b: integer({ default: 1 }),
      c: optional(integer()),
      d: optional(integer({ default: 5 }))
    },
    after: { a: integer({ default: 2 }), b: integer(), c: optional(integer({ default: 3 })), d: optional(integer()) },
    rows: [{ a: 7 }],
    steps: ['safe things.a', 'locking things.b', 'safe things.c', 'safe things.d'],
    remains: [{ a: 7, b: 1, c: null, d: 5 }]
  },
  {
    name: 'requires what no row lacks',
    before: { a: optional(integer()) },
    after: { a: integer() },
    rows: [{ a: 7 }],
    steps: ['locking things.a'],
    remains: [{ a: 7 }]
  },
  {
    name: 'refuses to require what rows lack',
    before: { a: optional(integer()) },
    after: { a: integer() },
    rows: [{ a: 7 }, {}, {}],
    steps: ['locking things.a'],
    counts: ['things.a 2'],
    refused: /things\.a is required: say what takes the place with --fill/
  },
  {
    name: 'fills what rows lack, with an audit row and a version each',
    before: { a: optional(integer()), b: integer() },
    after: { a: integer(), b: integer() },
    rows: [{ a: 7, b: 1 }, { b: 2 }, { b: 3 }],
    fill: { 'things.a': '9' },
    steps: ['locking things.a'],
    counts: ['things.a 2'],
    remains: [
      { a: 7, b: 1, version: 1 },
      { a: 9, b: 2, version: 2 },
      { a: 9, b: 3, version: 2 }
    ],
    verify: async (db) => {
      const audit = `select action, before, after from audit_logs where resource = 'things' and record_id = $1`
      assert.deepEqual(await db.query(audit, [idOf(2)]), [{ action: 'patch', before: { a: null }, after: { a: 9 } }])
      assert.deepEqual(await db.query(audit, [idOf(1)]), [])
    }
  },
  {
    name: 'fills with whatever text',
    before: { a: optional(text()) },
    after: { a: text() },
    rows: [{ a: 'x' }, {}],
    fill: { 'things.a': `$mend$ ; '' \\ "$1" -- ü` },
    steps: ['locking things.a'],
    counts: ['things.a 1'],
    remains: [{ a: 'x' }, { a: `$mend$ ; '' \\ "$1" -- ü` }]
  },
  {
    name: 'no longer requires',
    before: { a: integer() },
    after: { a: optional(integer()) },
    rows: [{ a: 7 }],
    steps: ['safe things.a'],
    remains: [{ a: 7 }]
  },
  {
    name: 'adds what keeps versions, once records may change',
    before: { fields: { a: instant() }, options: { methods: ['find', 'get', 'create'] } },
    after: { fields: { a: instant() }, options: {} },
    rows: [{ a: '2026-01-01T00:00:00Z' }],
    steps: ['safe things.updated_at', 'safe things.version'],
    remains: [{ version: 1 }]
  }
])
