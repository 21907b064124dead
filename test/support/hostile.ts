import type { Field } from '../../src/schemas/fields.ts'
import type { KindName } from '../../src/schemas/kinds.ts'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const keys = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')}}`

/** Bodies that are no record, by what is wrong with them. */
export const BODIES: Record<string, string | Buffer> = {
  'nothing at all': '',
  'an open brace': '{',
  'a trailing comma': '{"name":"x",}',
  'something behind it': '{"name":"x"} x',
  'single quotes': "{'name':'x'}",
  'a byte order mark': '\ufeff{"name":"x"}',
  'UTF-16': Buffer.from('{"name":"x"}', 'utf16le'),
  'bytes that are no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  null: 'null',
  'a string': '"x"',
  'a number': '1',
  true: 'true',
  'a list': '[]',
  'a list of records': '[{"name":"x"},{"name":"y"}]',
  NaN: '{"name":NaN}',
  'ten thousand keys': keys(5_000),
  'a million keys': keys(1_000_000),
  'depth 33': `{"attributes":${nested(33)}}`,
  'depth 1,000': `{"attributes":${nested(1_000)}}`,
  'depth 50,000': nested(50_000),
  'depth 100,000': nested(100_000)
}

/** Wrong for a field of any kind but free-form JSON. */
const ANY: unknown[] = [
  {},
  { $ne: '' },
  { toString: 1 },
  [],
  ['x'],
  [[]],
  'NUL \u0000',
  'lone \ud800 surrogate',
  '\u001b[31mANSI',
  'x'.repeat(10_000)
]
const TEXTS = ['', ' ', 'x', 'NaN', 'Infinity', '-Infinity', '1e5', '0x10', '١', '1,5', '+1', "1' or '1'='1", '1;--']

/** Wrong for a field of this kind. */
const BY_KIND: Record<KindName, unknown[]> = {
  text: [0, true, 1e308],
  money: [...TEXTS, ' 1', true, -0.0049, '0.0049', 1e-7, 1e308, 2 ** 53 + 2, '1000000000000', '1'.repeat(500)],
  decimal: [...TEXTS, ' 1', true, '0.00001', 1e-7, 1e308, 2 ** 53 + 2, '1'.repeat(500)],
  quantity: [...TEXTS, '12', true, 0.0049, 1e-7, 1e-10, 1e308, 2 ** 31, -(2 ** 31), 2 ** 53 + 2],
  integer: [...TEXTS, '12', true, 0.1, 1e308, 2 ** 31, 2 ** 53 + 2],
  boolean: ['true', 'yes', '', 1, 0],
  choice: ['', 'x', 1, true, '__proto__', 'constructor', 'x"; drop table users; --'],
  date: ['', 'tomorrow', '2026-02-30', '2026-13-01', '26-01-01', 20260101, '2026-01-01T00:00:00Z', '-2026-01-01'],
  instant: ['', 'now', '2026-02-30', 0, '2026-01-01T25:00:00Z', '2026-01-01T00:00:00'],
  uuid: ['', 'x', 1, true, '1 or 1=1', '../', '%00', '$1', 'null', '00000000-0000-7000-8000-00000000000g'],
  json: [0, true, 'text']
}

/** JSON as its text where a value has none: what is read from `1e400` is Infinity. */
export const UNWRITABLE = ['1e400', '-1e400', '"\\ud800"', '"\\u0000"']

/** What this field must refuse. */
export function wrongFor(field: Field): unknown[] {
  const { kind, options, nullable, schema } = field
  // Free-form content takes any JSON; only its text and depth are checked.
  if (kind === 'json') return isFreeForm(schema) ? [] : BY_KIND.json
  const none = nullable ? [] : [null]
  const negative = options.positive ? (kind === 'quantity' ? [-1] : ['-0.01', -1]) : []
  return [...ANY, ...BY_KIND[kind], ...none, ...negative]
}

/** `Type.Unknown()`, the value of a setting, which its key decides. */
const isFreeForm = (schema: object): boolean => !('type' in schema) && !('anyOf' in schema)

/** Ids as they stand in an address. All but the last two cannot be one; those belong to nobody. */
export const IDS = [
  'null',
  'undefined',
  '%20',
  '0',
  'true',
  '%7B%7D',
  '[]',
  '1%20or%201=1',
  "1'--",
  '$1',
  '::int',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%',
  '%E0%A4%A',
  '__proto__',
  'constructor',
  'x'.repeat(10_000),
  '00000000-0000-7000-8000-000000000000%00',
  "00000000-0000-7000-8000-000000000000'",
  '00000000-0000-7000-8000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff'
]

/** The same over a socket, where they may be of any type. */
export const SOCKET_IDS: unknown[] = [
  null,
  undefined,
  '',
  {},
  { $ne: '' },
  { toString: 1 },
  [],
  ['00000000-0000-7000-8000-000000000000'],
  true,
  0,
  1.5,
  Buffer.from('x'),
  '../',
  'NUL \u0000',
  '1 or 1=1',
  'x'.repeat(10_000),
  '00000000-0000-7000-8000-000000000000'
]

/** Names that are no field of anything. */
export const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '$where',
  '$set',
  'is_admin',
  'password_hash',
  'pin_hash',
  'tenant_id',
  'a.b',
  'name.first',
  'name as x',
  'name"',
  'id::text',
  'users.password_hash',
  '',
  ' name'
]

/** Query strings that ask for what there is not, of any resource. */
export const QUERIES: string[] = [
  ...NAMES.filter((name) => name).map((name) => `${encodeURIComponent(name)}=1`),
  '__proto__[polluted]=1',
  'constructor[prototype][polluted]=1',
  'id[__proto__]=1',
  'id[$regex]=.*',
  'id[$like]=%25',
  'id[$where]=1',
  'id[a]=1',
  'id[a][b]=1',
  'id[$ne][$ne]=1',
  'id[$in][a]=1',
  'id[$gt]=',
  'id[]=',
  "id=1' or '1'='1",
  'id[$null]=maybe',
  'id=%00',
  'created_at[$gt]=now()',
  'created_at[$gt]=0000-00-00',
  '$limit=-1',
  '$limit=x',
  '$limit=1.5',
  '$limit=1e3',
  '$limit[]=1',
  '$limit[$gt]=1',
  '$skip=-1',
  '$skip=NaN',
  '$skip=99999999999999999999',
  '$sort=id',
  '$sort[id]=0',
  '$sort[id]=2',
  '$sort[id]=asc',
  '$sort[id;drop table users]=1',
  '$sort[nothing]=1',
  '$sort[password_hash]=1',
  '$select[]=nothing',
  '$select[]=id as x',
  '$select[]=*',
  '$select[]=users.password_hash as x',
  '$select[a]=id',
  '$include=nothing',
  '$include=__proto__',
  '$include[]=constructor',
  '$total=perhaps',
  '$search[$ne]=1',
  `$search=${'x'.repeat(201)}`,
  '$or=1',
  '$or[]=1',
  '$or[0][nothing]=1',
  '$and[0][$or][0][password_hash]=1',
  Array.from({ length: 800 }, (_, i) => `$or[${i}][id]=1`).join('&'),
  `$and${'[0][$and]'.repeat(3)}[0][id]=x`,
  `$and${'[0][$and]'.repeat(20)}[0][id]=1`,
  `id[$in]=${'x'.repeat(12_000)}`,
  Array.from({ length: 1_001 }, (_, i) => `k${i}=1`).join('&'),
  `a${'[b]'.repeat(20)}=1`
]

/** What a name or a password may not be. */
export const SECRETS: unknown[] = [
  {},
  { $ne: '' },
  { $like: 'a%' },
  { $gt: '' },
  { $in: ['admin'] },
  [],
  ['admin'],
  true,
  false,
  0,
  1,
  null,
  '',
  'NUL \u0000',
  'lone \ud800',
  'x'.repeat(5_000)
]
