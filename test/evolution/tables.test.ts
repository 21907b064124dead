import assert from 'node:assert/strict'
import { choice, integer, optional, ref, text } from '../../src/schemas/fields.ts'
import { type Change, holds, idOf, type Scratch, things } from './corpus.ts'

const shelves = (name = 'shelves', id?: string) =>
  things({
    fields: { code: text({ max: 10, unique: true }), parent_id: optional(ref(name)) },
    options: { name, ...(id && { id }) }
  })
const SHELF = `insert into shelves (id, code) values ('${idOf(1)}', 'A')`
const RULES = [
  { action: ['read'], subject: ['all'] },
  {
    action: ['read', 'update'],
    subject: ['things', 'shelves'],
    fields: ['id', 'code'],
    conditions: { code: { $in: ['a'] } }
  },
  { action: ['read'], subject: ['shelves'], conditions: { $or: [{ code: 'a' }, { $and: [{ 'parent.code': 'b' }] }] } },
  { action: ['read'], subject: ['products'], fields: ['code'] }
]
const ROLE = idOf(77)
const MADE = `insert into roles (id, name, permissions) values ('${ROLE}', 'made', '${JSON.stringify(RULES)}')`
const BUILTIN = `insert into roles (id, name, permissions, is_builtin) values ('${idOf(78)}', 'builtin', '${JSON.stringify(RULES)}', true)`

async function rulesOf(db: Scratch, id = ROLE) {
  const [role] = await db.query<{ permissions: unknown[]; version: number }>(
    'select permissions, version from roles where id = $1',
    [id]
  )
  return role!
}

/** The rules of a role are in the database of the file, which other cases see too. */
const withRoles = (change: Change): Change => ({
  ...change,
  setup: [change.setup, 'delete from roles', MADE, BUILTIN].filter(Boolean).join(';')
})

holds('A migration of tables', [
  {
    name: 'makes tables that refer to each other, whole',
    before: [things({ a: integer() })],
    after: [
      things({ fields: { b_id: optional(ref('others')), a: text({ search: true }) }, options: { name: 'firsts' } }),
      things({
        fields: { a_id: optional(ref('firsts')) },
        options: { name: 'others', checks: { self: 'a_id <> id' } }
      }),
      things({ a: integer() })
    ],
    rows: [{ a: 1 }],
    steps: ['safe firsts', 'safe others'],
    remains: [{ a: 1 }]
  },
  {
    name: 'refuses to drop a table without a budget',
    before: [shelves()],
    after: [],
    rows: [{ code: 'A' }, { code: 'B' }],
    steps: ['lossy shelves'],
    counts: ['shelves 2'],
    refused: /^shelves would be dropped with 2 rows; allow it with --allow-loss shelves=2$/
  },
  {
    name: 'takes a table renamed without its id for another, and says so',
    before: [shelves()],
    after: [shelves('places')],
    rows: [{ code: 'A' }],
    steps: ['lossy shelves', 'safe places'],
    counts: ['shelves 1'],
    refused: /--allow-loss shelves=1; if it was renamed, say so in the new definition with id: 'shelves'/
  },
  {
    name: 'drops a table, and the references to it',
    before: [shelves(), things({ a: integer(), shelf_id: optional(ref('shelves')) })],
    after: [things({ a: integer() })],
    setup: SHELF,
    rows: [{ a: 1, shelf_id: idOf(1) }, { a: 2 }],
    loss: { shelves: 1, 'things.shelf_id': 1 },
    steps: ['lossy shelves', 'lossy things.shelf_id'],
    counts: ['shelves 1', 'things.shelf_id 1'],
    remains: [{ a: 1 }, { a: 2 }],
    verify: async (db) => {
      const [found] = await db.query(`select to_regclass('shelves') as shelves`)
      assert.deepEqual(found, { shelves: null })
    }
  },
  {
    name: 'renames a table with all that is named after it, and what refers to it',
    before: [shelves(), things({ a: integer(), shelf_id: optional(ref('shelves')) })],
    after: [shelves('old-places', 'shelves'), things({ a: integer(), shelf_id: optional(ref('old-places')) })],
    setup: SHELF,
    rows: [{ a: 1, shelf_id: idOf(1) }],
    steps: ['locking old_places'],
    remains: [{ a: 1, shelf_id: idOf(1) }]
  },
  {
    name: 'swaps the names of two tables',
    before: [
      things({ fields: { a: text({ max: 5, unique: true }) }, options: { name: 'lefts' } }),
      things({ fields: { a: integer({ index: true }) }, options: { name: 'rights' } })
    ],
    after: [
      things({ fields: { a: text({ max: 5, unique: true }) }, options: { name: 'rights', id: 'lefts' } }),
      things({ fields: { a: integer({ index: true }) }, options: { name: 'lefts', id: 'rights' } })
    ],
    rows: [{ a: 7 }],
    steps: ['locking lefts', 'locking rights'],
    remains: [{ a: 7 }]
  }
])

holds('The rules of roles', [
  withRoles({
    name: 'follow a field to its new name, and lose nothing',
    before: [things({ code: text() }), shelves()],
    after: [
      things({ code: text() }),
      things({
        fields: { label: text({ max: 10, unique: true, id: 'code' }), parent_id: optional(ref('shelves')) },
        options: { name: 'shelves' }
      })
    ],
    steps: ['locking shelves.label'],
    verify: async (db) => {
      const { permissions, version } = await rulesOf(db)
      assert.equal(version, 2)
      assert.deepEqual(permissions, [
        RULES[0],
        { ...RULES[1], subject: ['things'] },
        { ...RULES[1], subject: ['shelves'], fields: ['id', 'label'], conditions: { label: { $in: ['a'] } } },
        { ...RULES[2], conditions: { $or: [{ label: 'a' }, { $and: [{ 'parent.label': 'b' }] }] } },
        RULES[3]
      ])
      const audit = await db.query(
        `select before, after from audit_logs where record_id = $1 and resource = 'roles' order by seq`,
        [ROLE]
      )
      assert.deepEqual(audit.at(-1), { before: { permissions: RULES }, after: { permissions } })
    }
  }),
  withRoles({
    name: 'follow a resource to its new name; a built-in role goes on following the program',
    before: [things({ code: text() }), shelves()],
    after: [things({ code: text() }), shelves('places', 'shelves')],
    steps: ['locking places'],
    verify: async (db) => {
      const expected = [
        RULES[0],
        { ...RULES[1], subject: ['things', 'places'] },
        { ...RULES[2], subject: ['places'] },
        RULES[3]
      ]
      assert.deepEqual((await rulesOf(db)).permissions, expected)
      assert.deepEqual(await rulesOf(db, idOf(78)), { permissions: expected, version: 1 })
    }
  }),
  withRoles({
    name: 'never reach further when a field goes that a condition names',
    before: [things({ code: text() }), shelves()],
    after: [
      things({ code: text() }),
      things({
        fields: { kind: choice(['a'], { default: 'a' }), parent_id: optional(ref('shelves')) },
        options: { name: 'shelves' }
      })
    ],
    loss: { 'shelves.code': 0 },
    steps: ['lossy shelves.code', 'safe shelves.kind'],
    verify: async (db) => {
      assert.deepEqual((await rulesOf(db)).permissions, [RULES[0], { ...RULES[1], subject: ['things'] }, RULES[3]])
    }
  }),
  withRoles({
    name: 'forget a resource that goes',
    before: [things({ code: text() }), shelves()],
    after: [things({ code: text() })],
    loss: { shelves: 0 },
    steps: ['lossy shelves'],
    verify: async (db) => {
      assert.deepEqual((await rulesOf(db)).permissions, [RULES[0], { ...RULES[1], subject: ['things'] }, RULES[3]])
    }
  }),
  withRoles({
    name: 'stay as they are when nothing they name is renamed',
    before: [things({ code: text() }), shelves()],
    after: [things({ code: text({ max: 300 }) }), shelves()],
    steps: ['safe things.code'],
    verify: async (db) => {
      assert.deepEqual(await rulesOf(db), { permissions: RULES, version: 1 })
    }
  })
])
