import assert from 'node:assert/strict'
import { integer, money, optional, ref, text, uuid } from '../../src/schemas/fields.ts'
import { holds, idOf, things } from './corpus.ts'

const shelves = things({ fields: { code: text({ max: 10 }) }, options: { name: 'shelves' } })
const boxes = things({ fields: { code: text({ max: 10 }) }, options: { name: 'boxes' } })
const SHELF = `insert into shelves (id, code) values ('${idOf(1)}', 'A')`

holds('A migration of keys', [
  {
    name: 'refuses a new key while values occur twice, and names them',
    before: { name: text() },
    after: { name: text({ unique: true }) },
    rows: [{ name: 'a' }, { name: 'b' }, { name: 'a' }, { name: 'A' }],
    loss: {},
    steps: ['safe things.name'],
    counts: ['things.name 1'],
    refused: /^things\.name: 1 value occurs more than once \('a'\); mend them first$/
  },
  {
    name: 'adds a key',
    before: { name: text(), code: optional(text()) },
    after: { name: text({ unique: true }), code: optional(text({ unique: true })) },
    rows: [{ name: 'a' }, { name: 'A' }],
    steps: ['safe things.name', 'safe things.code'],
    remains: [{ name: 'a' }, { name: 'A' }]
  },
  {
    name: 'drops a key',
    before: { name: text({ unique: true }), code: text({ unique: 'ignoring-case' }) },
    after: { name: text(), code: text() },
    rows: [{ name: 'a', code: 'x' }],
    steps: ['safe things.name', 'safe things.code'],
    remains: [{ name: 'a', code: 'x' }]
  },
  {
    name: 'refuses a new key that ignores case while values differ by it alone',
    before: { name: text() },
    after: { name: text({ unique: 'ignoring-case' }) },
    rows: [{ name: 'a' }, { name: 'A' }],
    steps: ['safe things.name'],
    counts: ['things.name 1'],
    refused: /things\.name: 1 value occurs more than once \('a'\)/
  },
  {
    name: 'lets a key ignore case from now on, and another mind it, without a moment between',
    before: { name: text({ unique: true }), code: text({ unique: 'ignoring-case' }) },
    after: { name: text({ unique: 'ignoring-case' }), code: text({ unique: true }) },
    rows: [{ name: 'a', code: 'x' }],
    steps: ['safe things.name', 'safe things.name', 'safe things.code', 'safe things.code'],
    remains: [{ name: 'a', code: 'x' }]
  },
  {
    name: 'refuses a key over several fields while rows are alike in them',
    before: { a: text(), b: optional(text()) },
    after: { fields: { a: text(), b: optional(text()) }, options: { unique: [['a', 'b']] } },
    rows: [{ a: 'x', b: 'y' }, { a: 'x', b: 'y' }, { a: 'x' }, { a: 'x' }],
    steps: ['safe things'],
    counts: ['things 1'],
    refused: /^things: 1 value occurs more than once \('x, y'\); mend them first$/
  },
  {
    name: 'adds a key over several fields, and drops another with the index that it was',
    before: { fields: { a: text({ index: true }), b: text({ index: true }) }, options: { unique: [['a', 'b']] } },
    after: { fields: { a: text({ index: true }), b: text({ index: true }) }, options: { unique: [['b', 'a']] } },
    rows: [
      { a: 'x', b: 'y' },
      { a: 'x', b: 'z' }
    ],
    steps: ['safe things', 'safe things', 'safe things.a', 'safe things.b'],
    remains: [{ a: 'x' }, { a: 'x' }]
  },
  {
    name: 'refuses a new required key on a full table: a fill is the same for all',
    before: { a: text() },
    after: { a: text(), b: text({ unique: true }) },
    rows: [{ a: 'x' }, { a: 'y' }],
    fill: { 'things.b': 'z' },
    steps: ['locking things.b'],
    refused: /^things\.b: 1 value occurs more than once \('z'\); mend them first$/
  }
])

holds('A migration of references', [
  {
    name: 'refuses a reference while values refer to nothing',
    beside: [shelves],
    before: { shelf_id: optional(uuid()) },
    after: { shelf_id: optional(ref('shelves')) },
    setup: SHELF,
    rows: [{ shelf_id: idOf(1) }, { shelf_id: idOf(2) }, {}],
    steps: ['lossy things.shelf_id', 'safe things.shelf_id'],
    counts: ['things.shelf_id 1'],
    refused: /^things\.shelf_id: 1 value refers to nothing \(.*\); allow it with --allow-loss things\.shelf_id=1$/
  },
  {
    name: 'adds a reference, and lets go of what refers to nothing within the budget',
    beside: [shelves],
    before: { shelf_id: optional(uuid()) },
    after: { shelf_id: optional(ref('shelves')) },
    setup: SHELF,
    rows: [{ shelf_id: idOf(1) }, { shelf_id: idOf(2) }, {}],
    loss: { 'things.shelf_id': 1 },
    steps: ['lossy things.shelf_id', 'safe things.shelf_id'],
    counts: ['things.shelf_id 1'],
    remains: [
      { shelf_id: idOf(1), version: 1 },
      { shelf_id: null, version: 2 },
      { shelf_id: null, version: 1 }
    ]
  },
  {
    name: 'makes a required reference of text, filled where it refers to nothing',
    beside: [shelves],
    before: { shelf_id: text() },
    after: { shelf_id: ref('shelves') },
    setup: SHELF,
    rows: [{ shelf_id: idOf(1) }, { shelf_id: idOf(2) }, { shelf_id: 'A' }],
    fill: { 'things.shelf_id': idOf(1) },
    loss: { 'things.shelf_id': 2 },
    steps: ['lossy things.shelf_id', 'lossy things.shelf_id', 'safe things.shelf_id'],
    counts: ['things.shelf_id 1', 'things.shelf_id 1'],
    remains: [{ shelf_id: idOf(1) }, { shelf_id: idOf(1) }, { shelf_id: idOf(1) }]
  },
  {
    name: 'adds a field that refers, required and filled',
    beside: [shelves],
    before: { a: text() },
    after: { a: text(), shelf_id: ref('shelves') },
    setup: SHELF,
    rows: [{ a: 'x' }],
    fill: { 'things.shelf_id': idOf(1) },
    steps: ['locking things.shelf_id'],
    remains: [{ shelf_id: idOf(1) }]
  },
  {
    name: 'removes a reference and keeps its values',
    beside: [shelves],
    before: { shelf_id: ref('shelves') },
    after: { shelf_id: uuid() },
    setup: SHELF,
    rows: [{ shelf_id: idOf(1) }],
    steps: ['safe things.shelf_id', 'safe things.shelf_id'],
    remains: [{ shelf_id: idOf(1) }]
  },
  {
    name: 'points a reference to another table',
    beside: [shelves, boxes],
    before: { place_id: optional(ref('shelves')) },
    after: { place_id: optional(ref('boxes')) },
    setup: `${SHELF}; insert into shelves (id, code) values ('${idOf(2)}', 'B'); insert into boxes (id, code) values ('${idOf(2)}', 'B')`,
    rows: [{ place_id: idOf(1) }, { place_id: idOf(2) }],
    loss: { 'things.place_id': 1 },
    steps: ['lossy things.place_id'],
    counts: ['things.place_id 1'],
    remains: [{ place_id: null }, { place_id: idOf(2) }]
  },
  {
    name: 'refers to a table that comes with it',
    before: [things({ a: text() })],
    after: [shelves, things({ a: text(), shelf_id: optional(ref('shelves')), next_id: optional(ref('things')) })],
    rows: [{ a: 'x' }],
    steps: ['safe shelves', 'safe things.shelf_id', 'safe things.next_id'],
    remains: [{ a: 'x', shelf_id: null, next_id: null }]
  }
])

holds('A migration of rules, indexes and order', [
  {
    name: 'adds an index, and drops another',
    before: { a: integer({ index: true }), b: text() },
    after: { a: integer(), b: text({ index: true }) },
    rows: [{ a: 1, b: 'x' }],
    steps: ['safe things.a', 'safe things.b'],
    remains: [{ a: 1 }]
  },
  {
    name: 'lets a search look into more fields',
    before: { a: text({ search: true }), b: optional(text()) },
    after: { a: text({ search: true }), b: optional(text({ search: true })) },
    rows: [{ a: 'x' }],
    steps: ['safe things'],
    remains: [{ a: 'x' }]
  },
  {
    name: 'orders lists another way',
    before: { fields: { a: integer() }, options: { sort: { created_at: -1 } } },
    after: { fields: { a: integer() }, options: { sort: { a: 1 } } },
    rows: [{ a: 1 }],
    steps: ['safe things.created_at', 'safe things.a'],
    remains: [{ a: 1 }]
  },
  {
    name: 'refuses a new rule that rows break',
    before: { a: money(), b: money() },
    after: { fields: { a: money(), b: money() }, options: { checks: { order: 'a <= b' } } },
    rows: [
      { a: '1', b: '2' },
      { a: '2', b: '1' }
    ],
    steps: ['safe things'],
    counts: ['things 1'],
    refused: new RegExp(`^things: 1 row breaks it \\('${idOf(2)}'\\); mend them first$`)
  },
  {
    name: 'adds a rule, changes one and drops one',
    before: { fields: { a: integer(), b: integer() }, options: { checks: { least: 'a > 0', order: 'a < b' } } },
    after: { fields: { a: integer(), b: integer() }, options: { checks: { order: 'a <= b', most: 'b < 100' } } },
    rows: [{ a: 1, b: 2 }],
    steps: ['safe things', 'safe things', 'safe things'],
    remains: [{ a: 1, b: 2 }],
    verify: async (db) => {
      await assert.rejects(db.query('update things set b = 100'), /things_most_check/)
      await db.query('update things set b = 1')
    }
  }
])
