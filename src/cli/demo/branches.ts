import type { Database } from '../../database/connection.ts'
import { minorOf } from './amounts.ts'
import type { Hands } from './hands.ts'
import type { Rules } from './world.ts'

export interface Branch {
  id: string
  code: string
  timezone: string
  is_warehouse: boolean
  prices_include_tax: boolean
  tax_rounding: 'line' | 'document'
  stock_policy: string
}

export interface Branches {
  /** The larger shop first. */
  shops: Branch[]
  warehouse: Branch
}

const SHOPS = 2
const SHOP = { name: 'City branch', code: 'CITY', address: '14 Mall Road', phone: '042-35710001' }
const WAREHOUSE = { name: 'Warehouse', code: 'WARE', address: 'Plot 7, Industrial Estate', phone: '042-35710002' }

/**
 * Two shops and a warehouse: those that are there, as they are, and new ones for what is missing. These are made after
 * what is there, by their instants too, as the first branch is everybody's who has none.
 */
export async function openBranches(database: Database, hands: Hands): Promise<Branches> {
  const branches = await database.query<Branch>('select * from branches where is_active order by created_at, id')
  const codes = new Set((await database.query<{ code: string }>('select code from branches')).map(({ code }) => code))
  const model = branches[0]!
  const open = async ({ code, ...more }: typeof SHOP, is_warehouse: boolean): Promise<Branch> => {
    const { timezone, prices_include_tax, tax_rounding } = model
    const like = { timezone, prices_include_tax, tax_rounding, is_warehouse }
    const free = [code, ...[...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => code + letter)].find(
      (one) => !codes.has(one)
    )!
    codes.add(free)
    return (await hands.make('branches', { ...more, ...like, code: free }, new Date())) as unknown as Branch
  }
  const shops = branches.filter(({ is_warehouse }) => !is_warehouse).slice(0, SHOPS)
  while (shops.length < SHOPS) shops.push(await open(SHOP, false))
  return { shops, warehouse: branches.find(({ is_warehouse }) => is_warehouse) ?? (await open(WAREHOUSE, true)) }
}

const DEFAULT_DISCOUNT_LIMIT = 10
const DEFAULT_REFUND_LIMIT = '500'

/** What holds at a shop's tills. */
export async function rulesOf(database: Database, { id, prices_include_tax, tax_rounding }: Branch): Promise<Rules> {
  const rows = await database.query<{ key: string; value: unknown }>(
    'select key, value from settings where branch_id = $1 or branch_id is null order by branch_id nulls first',
    [id]
  )
  const set = new Map(rows.map(({ key, value }) => [key, value]))
  const limit = set.get('refund_limit') ?? DEFAULT_REFUND_LIMIT
  return {
    prices_include_tax,
    tax_rounding,
    discountLimit: Math.floor(Number(set.get('discount_limit_percent') ?? DEFAULT_DISCOUNT_LIMIT)),
    refundLimit: wholeOf(limit as string)
  }
}

/** A limit in whole units, whatever decimals the currency has. */
const wholeOf = (limit: string) => minorOf(limit.split('.')[0]!)

/** Registers in which nothing was sold yet: numbers run with time, so sales of past days need series of their own. */
export async function openRegisters(
  database: Database,
  hands: Hands,
  branch: Branch,
  count: number
): Promise<string[]> {
  const registers = await database.query<{ id: string; code: string; unused: boolean }>(
    `select r.id, r.code, r.is_active and n.last_no = 0 and not exists (select from shifts s where s.register_id = r.id) as unused
     from registers r join number_series n on n.register_id = r.id where r.branch_id = $1 order by r.created_at, r.id`,
    [branch.id]
  )
  const ids = registers.filter(({ unused }) => unused).map(({ id }) => id)
  const codes = new Set(registers.map(({ code }) => code))
  for (let number = 1; ids.length < count; number++) {
    const code = String(number).padStart(2, '0')
    if (codes.has(code)) continue
    const register = { branch_id: branch.id, code, name: `Till ${number}` }
    ids.push((await hands.make('registers', register, new Date())).id as string)
  }
  return ids.slice(0, count)
}
