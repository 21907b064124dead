import type { Regal } from '../../app.ts'
import type { Branch, Branches } from './branches.ts'
import { openRegisters, rulesOf } from './branches.ts'
import type { Hands, Worker } from './hands.ts'
import { signIn } from './hands.ts'
import type { Place, Shop } from './world.ts'

const person = (username: string, full_name: string, role: 'admin' | 'cashier' | 'employee') => ({
  username,
  full_name,
  role
})
type Person = ReturnType<typeof person>

/** Of each shop: who stands at its tills, and who looks after the rest. */
const SHOPS = [
  {
    cashiers: [person('ayesha', 'Ayesha Khan', 'cashier'), person('bilal', 'Bilal Ahmed', 'cashier')],
    keeper: person('sana', 'Sana Malik', 'employee')
  },
  { cashiers: [person('hina', 'Hina Qureshi', 'cashier')], keeper: person('kashif', 'Kashif Raza', 'employee') }
]
const WAREHOUSE = person('tariq', 'Tariq Javed', 'employee')
const MANAGER = person('nadia', 'Nadia Farooq', 'admin')

export interface Hired {
  username: string
  role: string
  /** The code of the branch; all of them. */
  branch: string
}

/** With which all of the staff sign in, and some approve. */
export interface Secrets {
  password: string
  pin: string
}

export interface Staffed {
  staff: Hired[]
  shops: Omit<Shop, 'clients'>[]
  warehouse: Place
  manager: Worker
  managerName: string
}

/** Makes the staff, each under the first user name that is free, signs them in and gives every cashier a till. */
export async function staffBranches(
  regal: Regal,
  hands: Hands,
  { shops, warehouse }: Branches,
  secrets: Secrets,
  at: Date
): Promise<Staffed> {
  const { database } = regal
  const staff: Hired[] = []
  const hire = await hiring(regal, hands, secrets, staff, at)
  const place = async (branch: Branch, who: Person): Promise<Place> => {
    const [keeper, keeperName] = await hire(who, branch, branch)
    return { id: branch.id, code: branch.code, zone: branch.timezone, keeper, keeperName }
  }
  const staffed: Staffed['shops'] = []
  for (const [i, branch] of shops.entries()) {
    const { cashiers, keeper } = SHOPS[i]!
    const registers = await openRegisters(database, hands, branch, cashiers.length)
    const tills = []
    for (const [n, cashier] of cashiers.entries())
      tills.push({ register_id: registers[n]!, worker: (await hire(cashier, branch, branch))[0] })
    staffed.push({ ...(await place(branch, keeper)), rules: await rulesOf(database, branch), tills })
  }
  const stockroom = await place(warehouse, WAREHOUSE)
  const [manager, managerName] = await hire(MANAGER, null, shops[0]!)
  return { staff, shops: staffed, warehouse: stockroom, manager, managerName }
}

async function hiring({ app, ...regal }: Regal, hands: Hands, { password, pin }: Secrets, staff: Hired[], at: Date) {
  const rows = await regal.database.query<{ name: string }>('select lower(username) as name from users')
  const taken = new Set(rows.map(({ name }) => name))
  return async (
    { username: name, full_name, role }: Person,
    branch: Branch | null,
    { id: home, timezone: zone }: Branch
  ): Promise<[Worker, string]> => {
    let username = name
    for (let n = 2; taken.has(username); n++) username = `${name}${n}`
    taken.add(username)
    const { data } = await app.service('roles').find({ query: { name: role } })
    const approves = role === 'cashier' ? {} : { pin }
    const user = {
      username,
      full_name,
      email: `${username}@example.com`,
      role_id: data[0].id,
      branch_id: branch?.id ?? null
    }
    await hands.make('users', { ...user, password, ...approves }, at)
    staff.push({ username, role, branch: branch?.code ?? 'all' })
    return [await signIn({ app, ...regal }, username, password, { home, zone }), username]
  }
}
