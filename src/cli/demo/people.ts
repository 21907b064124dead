import type { Regal } from '../../app.ts'
import type { Client, Till } from './floor.ts'
import type { Hands, Worker } from './hands.ts'
import { planCustomers, planSalesmen } from './plan.ts'
import type { Random } from './random.ts'
import { type Keeper, wire } from './stockroom.ts'

const STAFF = [
  { username: 'ayesha', full_name: 'Ayesha Khan', role: 'cashier' },
  { username: 'bilal', full_name: 'Bilal Ahmed', role: 'cashier' },
  { username: 'sana', full_name: 'Sana Malik', role: 'employee' }
]
/** The first of the staff sell. */
export const CASHIERS = 2

export interface Hired {
  username: string
  role: string
}

/** Makes the staff, each under the first user name that is free. */
export async function hire(
  { database, app }: Regal,
  hands: Hands,
  branch_id: string,
  password: string,
  at: Date
): Promise<Hired[]> {
  const rows = await database.query<{ name: string }>('select lower(username) as name from users')
  const taken = new Set(rows.map(({ name }) => name))
  const hired: Hired[] = []
  for (const { username: name, full_name, role } of STAFF) {
    let username = name
    for (let n = 2; taken.has(username); n++) username = `${name}${n}`
    const { data } = await app.service('roles').find({ query: { name: role } })
    const user = { username, full_name, email: `${username}@example.com`, role_id: data[0].id, branch_id, password }
    await hands.make('users', user, at)
    hired.push({ username, role })
  }
  return hired
}

/** A register for each. Numbers run with time, so sales of past days need series in which nothing was sold yet. */
export async function openTills(
  { database }: Regal,
  hands: Hands,
  branch_id: string,
  workers: Worker[]
): Promise<Till[]> {
  const registers = await database.query<{ id: string; code: string; unused: boolean }>(
    `select r.id, r.code, r.is_active and n.last_no = 0 as unused
     from registers r join number_series n on n.register_id = r.id where r.branch_id = $1 order by r.created_at, r.id`,
    [branch_id]
  )
  const unused = registers.filter((register) => register.unused).map(({ id }) => id)
  const codes = new Set(registers.map(({ code }) => code))
  const tills: Till[] = []
  for (const worker of workers) {
    let number = 1
    while (codes.has(String(number).padStart(2, '0'))) number++
    const open = async () => {
      const code = String(number).padStart(2, '0')
      codes.add(code)
      return (await hands.make('registers', { branch_id, code, name: `Till ${number}` })).id as string
    }
    tills.push({ register_id: unused.shift() ?? (await open()), worker })
  }
  return tills
}

const SALESMEN = 3

/** Makes the customers, each looked after by one of the salesmen. */
export async function welcome(
  { database }: Regal,
  hands: Hands,
  keep: Keeper,
  count: number,
  branch_id: string,
  random: Random,
  at: Date
): Promise<Client[]> {
  const [known] = await database.query<{ count: number }>('select count(*) from salesmen')
  const salesmen: string[] = []
  for (const [i, salesman] of planSalesmen(SALESMEN, random).entries())
    salesmen.push(await keep('salesmen', salesman.name, { ...salesman, code: `S${known!.count + i + 1}`, branch_id }))
  const clients: Client[] = []
  for (const customer of planCustomers(count, random)) {
    const { name, contacts, billing_addr, limit } = customer
    const salesman_id = random.pick(salesmen)
    const data = { name, contacts, billing_addr, credit_limit: wire(limit), salesman_id, branch_id }
    const { id } = await hands.make('customers', data, at)
    clients.push({ ...customer, id: id as string, salesman_id, owed: 0n })
  }
  return clients
}
