import assert from 'node:assert/strict'
import { Type } from '@feathersjs/typebox'
import {
  choice,
  date,
  decimal,
  flag,
  instant,
  integer,
  json,
  money,
  optional,
  percent,
  quantity,
  text,
  uuid
} from '../../src/schemas/fields.ts'
import { holds, idOf } from './corpus.ts'

const anything = () => json(Type.Unknown())

holds('A migration of types', [
  {
    name: 'refuses text to integer while values cannot be converted',
    before: { a: optional(text()) },
    after: { a: optional(integer()) },
    rows: [{ a: '12' }, { a: 'abc' }, { a: '1.5' }, { a: '99999999999' }, {}],
    steps: ['lossy things.a'],
    counts: ['things.a 3'],
    refused:
      /^things\.a: 3 values would be lost or cut \('1\.5', '99999999999', 'abc'\); allow it with --allow-loss things\.a=3$/
  },
  {
    name: 'makes integers of text, and null of what is none, within the budget',
    before: { a: optional(text()) },
    after: { a: optional(integer()) },
    rows: [{ a: ' 12 ' }, { a: '-3' }, { a: 'abc' }, { a: '99999999999' }, {}],
    loss: { 'things.a': 2 },
    steps: ['lossy things.a'],
    counts: ['things.a 2'],
    remains: [{ a: 12 }, { a: -3 }, { a: null }, { a: null }, { a: null }]
  },
  {
    name: 'refuses a required integer of text without a fill',
    before: { a: text() },
    after: { a: integer() },
    rows: [{ a: '12' }, { a: 'abc' }],
    loss: { 'things.a': 1 },
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    refused: /^things\.a is required: say what takes the place with --fill/
  },
  {
    name: 'puts the fill where text is no integer',
    before: { a: text({ default: 'none' }) },
    after: { a: integer({ default: 0 }) },
    rows: [{ a: '12' }, { a: 'abc' }],
    loss: { 'things.a': 1 },
    fill: { 'things.a': '-1' },
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    remains: [{ a: 12 }, { a: -1 }]
  },
  {
    name: 'makes dates of text that is a day that exists',
    before: { a: optional(text()) },
    after: { a: optional(date()) },
    rows: [{ a: '2024-02-29' }, { a: '2023-02-29' }, { a: '31/12/2023' }, { a: '0000-01-01' }, { a: '2023-13-01' }],
    loss: { 'things.a': 4 },
    steps: ['lossy things.a'],
    counts: ['things.a 4'],
    remains: [{ a: '2024-02-29' }, { a: null }, { a: null }, { a: null }, { a: null }]
  },
  {
    name: 'makes instants, truth and ids of text',
    before: { a: optional(text()), b: optional(text()), c: optional(text()) },
    after: { a: optional(instant()), b: optional(flag()), c: optional(uuid()) },
    rows: [
      { a: '2024-01-01T12:00:00+05:00', b: 'Yes', c: idOf(9).toUpperCase() },
      { a: '2024-02-30T12:00:00Z', b: 'maybe', c: 'x' },
      { a: '2024-01-01T25:00:00Z', b: '0', c: null }
    ],
    loss: { 'things.a': 2, 'things.b': 1, 'things.c': 1 },
    steps: ['lossy things.a', 'lossy things.b', 'lossy things.c'],
    counts: ['things.a 2', 'things.b 1', 'things.c 1'],
    remains: [
      { a: '2024-01-01T07:00:00.000Z', b: true, c: idOf(9) },
      { a: null, b: null, c: null },
      { a: null, b: false, c: null }
    ]
  },
  {
    name: 'makes decimals of text, and counts those that are rounded',
    before: { a: text() },
    after: { a: decimal({ scale: 2 }) },
    rows: [{ a: '1.25' }, { a: '1.255' }, { a: '7' }],
    loss: { 'things.a': 1 },
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    remains: [{ a: '1.25' }, { a: '1.26' }, { a: '7.00' }]
  },
  {
    name: 'makes text of anything, losing nothing',
    before: { a: integer(), b: money(), c: date(), d: instant(), e: flag(), f: uuid(), g: quantity() },
    after: { a: text(), b: text(), c: text(), d: text(), e: text(), f: text(), g: text() },
    rows: [{ a: 7, b: '2.5', c: '2024-02-29', d: '2024-01-01T23:30:00Z', e: true, f: idOf(4), g: 1.25 }],
    steps: 'abcdefg'.split('').map((name) => `locking things.${name}`),
    remains: [{ a: '7', b: '2.5', c: '2024-02-29', d: '2024-01-01T23:30:00.000Z', e: 'true', f: idOf(4), g: '1.25' }]
  },
  {
    name: 'cuts text that structured content is too long for',
    before: { a: anything() },
    after: { a: text({ max: 5 }) },
    rows: [{ a: '"word"' }, { a: '"sentence"' }, { a: '{"a":1}' }],
    loss: { 'things.a': 2 },
    steps: ['lossy things.a'],
    counts: ['things.a 2'],
    remains: [{ a: 'word' }, { a: 'sente' }, { a: '{"a":' }]
  },
  {
    name: 'makes structured content of text and numbers',
    before: { a: text(), b: money(), c: optional(date()) },
    after: { a: anything(), b: anything(), c: optional(anything()) },
    rows: [{ a: 'x', b: '2.5' }],
    steps: ['locking things.a', 'locking things.b', 'locking things.c'],
    remains: [{ a: 'x', b: 2.5, c: null }]
  },
  {
    name: 'widens a number',
    before: { a: integer({ default: 4 }), b: decimal({ scale: 2 }), c: quantity() },
    after: { a: decimal({ scale: 1, default: '4' }), b: decimal({ scale: 4 }), c: money() },
    rows: [{ a: 7, b: '1.25', c: 1.125 }],
    steps: ['locking things.a', 'locking things.b', 'locking things.c'],
    remains: [{ a: '7.0', b: '1.2500', c: '1.1250' }]
  },
  {
    name: 'refuses fewer decimals while values have more',
    before: { a: decimal({ scale: 4 }) },
    after: { a: decimal({ scale: 2 }) },
    rows: [{ a: '1.25' }, { a: '1.2501' }],
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    refused: /allow it with --allow-loss things\.a=1/
  },
  {
    name: 'rounds to fewer decimals within the budget, and needs no fill for it',
    before: { a: decimal({ scale: 4 }), b: optional(quantity()) },
    after: { a: decimal({ scale: 2 }), b: optional(integer()) },
    rows: [
      { a: '1.25', b: 3 },
      { a: '1.2551', b: 2.5 }
    ],
    loss: { 'things.a': 1, 'things.b': 1 },
    steps: ['lossy things.a', 'lossy things.b'],
    counts: ['things.a 1', 'things.b 1'],
    remains: [
      { a: '1.25', b: 3 },
      { a: '1.26', b: 3 }
    ]
  },
  {
    name: 'takes an amount for a decimal of the same scale as it is',
    before: { a: money() },
    after: { a: decimal({ scale: 4 }) },
    rows: [{ a: '1.25' }],
    steps: [],
    remains: [{ a: '1.2500' }]
  },
  {
    name: 'counts amounts that a quantity cannot hold',
    before: { a: money({ positive: true }) },
    after: { a: quantity({ positive: true }) },
    rows: [{ a: '1.5' }, { a: '999999999999' }, { a: '0.0005' }],
    fill: { 'things.a': '0' },
    loss: { 'things.a': 2 },
    steps: ['lossy things.a'],
    counts: ['things.a 2'],
    remains: [{ a: '1.500' }, { a: '0.000' }, { a: '0.001' }]
  },
  {
    name: 'makes instants of dates at midnight UTC, and dates of instants at a cost',
    before: { a: date(), b: instant() },
    after: { a: instant(), b: date() },
    rows: [
      { a: '2024-03-01', b: '2024-03-01T00:00:00Z' },
      { a: '2024-03-02', b: '2024-03-01T20:15:00Z' }
    ],
    loss: { 'things.b': 1 },
    steps: ['locking things.a', 'lossy things.b'],
    counts: ['things.b 1'],
    remains: [
      { a: '2024-03-01T00:00:00.000Z', b: '2024-03-01' },
      { a: '2024-03-02T00:00:00.000Z', b: '2024-03-01' }
    ]
  },
  {
    name: 'turns truth into numbers and numbers into truth',
    before: { a: flag({ default: true }), b: integer() },
    after: { a: integer({ default: 1 }), b: optional(flag()) },
    rows: [
      { a: true, b: 0 },
      { a: false, b: 2 }
    ],
    loss: { 'things.b': 1 },
    steps: ['locking things.a', 'lossy things.b', 'safe things.b'],
    counts: ['things.b 1'],
    remains: [
      { a: 1, b: false },
      { a: 0, b: null }
    ]
  },
  {
    name: 'finds no way from truth to a date, and counts all',
    before: { a: optional(flag()) },
    after: { a: optional(date()) },
    rows: [{ a: true }, {}],
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    refused: /allow it with --allow-loss things\.a=1/
  },
  {
    name: 'renames and converts in one go, with a key that ignores case',
    before: { code: text({ unique: 'ignoring-case' }) },
    after: { number: integer({ id: 'code', unique: true }) },
    rows: [{ code: '1' }, { code: '2' }],
    steps: ['locking things.number', 'lossy things.number', 'safe things.number', 'safe things.number'],
    remains: [{ number: 1 }, { number: 2 }]
  },
  {
    name: 'makes a choice of text and text of a choice without touching rows',
    before: { a: text(), b: choice(['x', 'y']) },
    after: { a: choice(['p', 'q']), b: text({ max: 30 }) },
    rows: [{ a: 'p', b: 'x' }],
    steps: ['lossy things.a', 'safe things.b'],
    remains: [{ a: 'p', b: 'x', version: 1 }]
  }
])

holds('A migration to narrower bounds', [
  {
    name: 'refuses a shorter text while values are longer',
    before: { a: text({ max: 20 }) },
    after: { a: text({ max: 5 }) },
    rows: [{ a: 'short' }, { a: 'rather long' }],
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    refused: /^things\.a: 1 value would be lost or cut \('rather long'\); allow it with --allow-loss things\.a=1$/
  },
  {
    name: 'cuts text that is longer, within the budget',
    before: { a: text({ max: 20 }) },
    after: { a: text({ max: 7 }) },
    rows: [{ a: 'short' }, { a: 'rather long' }],
    loss: { 'things.a': 1 },
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    remains: [
      { a: 'short', version: 1 },
      { a: 'rather', version: 2 }
    ],
    verify: async (db) => {
      const rows = await db.query(`select before, after from audit_logs where record_id = $1 and resource = 'things'`, [
        idOf(2)
      ])
      assert.deepEqual(rows.at(-1), { before: { a: 'rather long' }, after: { a: 'rather' } })
    }
  },
  {
    name: 'takes a longer text',
    before: { a: text({ max: 5 }) },
    after: { a: text({ max: 50 }) },
    rows: [{ a: 'short' }],
    steps: ['safe things.a'],
    remains: [{ a: 'short' }]
  },
  {
    name: 'refuses fewer choices while rows hold those that go',
    before: { a: choice(['open', 'held', 'done']) },
    after: { a: choice(['open', 'done', 'late']) },
    rows: [{ a: 'open' }, { a: 'held' }, { a: 'held' }],
    fill: { 'things.a': 'open' },
    steps: ['lossy things.a'],
    counts: ['things.a 2'],
    refused: /^things\.a: 2 values would be lost or cut \('held'\); allow it/
  },
  {
    name: 'puts another choice in the place of one that goes',
    before: { a: choice(['open', 'held', 'done']), b: optional(choice(['x', 'y'])) },
    after: { a: choice(['open', 'done', 'late']), b: optional(choice(['x'])) },
    rows: [
      { a: 'open', b: 'x' },
      { a: 'held', b: 'y' }
    ],
    fill: { 'things.a': 'open' },
    loss: { 'things.a': 1, 'things.b': 1 },
    steps: ['lossy things.a', 'lossy things.b'],
    counts: ['things.a 1', 'things.b 1'],
    remains: [
      { a: 'open', b: 'x' },
      { a: 'open', b: null }
    ]
  },
  {
    name: 'refuses choices that go from a required field without a fill',
    before: { a: choice(['open', 'held']) },
    after: { a: choice(['open']) },
    rows: [{ a: 'held' }],
    loss: { 'things.a': 1 },
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    refused: /^things\.a is required: say what takes the place with --fill/
  },
  {
    name: 'takes more choices',
    before: { a: choice(['open']) },
    after: { a: choice(['open', 'done']) },
    rows: [{ a: 'open' }],
    steps: ['safe things.a'],
    remains: [{ a: 'open' }]
  },
  {
    name: 'fills what lies below a new bound and what is missing at once',
    before: { a: optional(money()), b: percent() },
    after: { a: money({ positive: true }), b: percent({ max: 50 }) },
    rows: [{ a: '-1', b: '60' }, { b: '10' }, { a: '3', b: '50' }],
    fill: { 'things.a': '0', 'things.b': '50' },
    loss: { 'things.a': 1, 'things.b': 1 },
    steps: ['lossy things.a', 'locking things.a', 'lossy things.b'],
    counts: ['things.a 1', 'things.a 1', 'things.b 1'],
    remains: [
      { a: '0.0000', b: '50.0000' },
      { a: '0.0000', b: '10.0000' },
      { a: '3.0000', b: '50.0000' }
    ]
  },
  {
    name: 'never changes rows of a ledger',
    before: { fields: { a: text({ max: 20 }) }, options: { methods: ['find', 'get', 'create'] } },
    after: { fields: { a: text({ max: 5 }) }, options: { methods: ['find', 'get', 'create'] } },
    setup: 'create trigger never before update or delete on things for each row execute function regal_append_only()',
    rows: [{ a: 'rather long' }],
    loss: { 'things.a': 1 },
    steps: ['lossy things.a'],
    counts: ['things.a 1'],
    refused: /what was written to things is never changed/
  }
])
