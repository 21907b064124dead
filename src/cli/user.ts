import type { Regal } from '../app.ts'
import type { Row } from '../services/projection.ts'
import { clean } from './clean.ts'
import { type Command, CommandError, UsageError } from './command.ts'
import { newPassword } from './password.ts'
import { print, withDatabase, withServices } from './shop.ts'

type Values = Parameters<Command['run']>[0]
type Action = (regal: Regal, username: string, values: Values, password: string) => Promise<void>

async function onlyOne(regal: Regal, path: string, query: Record<string, unknown>, what: string): Promise<Row> {
  const { data } = await regal.app.service(path).find({ query: { ...query, $limit: 1 } })
  if (!data.length) throw new CommandError(`There is no ${what}.`)
  return data[0]
}

/** User names differ by more than upper and lower case, so the one that was typed may be written otherwise. */
async function named(regal: Regal, username: string): Promise<Row> {
  const [found] = await regal.database.query<{ id: string }>('select id from users where lower(username) = lower($1)', [
    username
  ])
  if (!found) throw new CommandError(`There is no user ${username}.`)
  return regal.app.service('users').get(found.id)
}

const add: Action = async (regal, username, { name, email, role, branch }, password) => {
  const { id: role_id } = await onlyOne(regal, 'roles', { name: role }, `role ${role}`)
  const place = branch ? await onlyOne(regal, 'branches', { code: branch }, `branch ${branch}`) : undefined
  const data = { username, full_name: name ?? username, email, role_id, branch_id: place?.id ?? null, password }
  await regal.app.service('users').create(clean('users', data))
  print(`${username} may sign in as ${role}.`)
}

const setPassword: Action = async (regal, username, _, password) => {
  const user = await named(regal, username)
  await regal.app.service('users').patch(user.id as string, { password })
  print(`${user.username} has a new password, and is signed out everywhere.`)
}

const deactivate: Action = async (regal, username) => {
  const user = await named(regal, username)
  await regal.app.service('users').patch(user.id as string, { is_active: false })
  print(`${user.username} cannot sign in any more, and is signed out everywhere.`)
}

const list: Action = async ({ app }) => {
  const rows: string[][] = [['user name', 'role', 'branch', 'active', 'name', 'e-mail']]
  for (let $skip = 0; ; ) {
    const { total, data } = await app.service('users').find({
      query: { $include: ['role', 'branch'], $sort: { username: 1 }, $skip, $limit: 200 }
    })
    for (const { username, role, branch, is_active, full_name, email } of data)
      rows.push([username, role.name, branch?.code ?? 'all', is_active ? 'yes' : 'no', full_name, email])
    $skip += data.length
    if (!data.length || $skip >= total) break
  }
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  for (const row of rows)
    print(
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()
    )
}

const actions: Record<string, { run: Action; password?: boolean; username?: boolean }> = {
  add: { run: add, password: true, username: true },
  password: { run: setPassword, password: true, username: true },
  deactivate: { run: deactivate, username: true },
  list: { run: list }
}

export const userCommand: Command = {
  usage: 'add|password|deactivate <user name> | list  [options]',
  help: `Users, through the same services and rules as over the API.

  add <user name>         makes a user; asks for the password
  password <user name>    sets a password; asks for it, and ends the user's sign-ins
  deactivate <user name>  ends all sign-ins and lets nobody in any more
  list                    shows all users

  --role <name>     with add: admin, employee, cashier or a role of yours (needed)
  --email <e-mail>  with add (needed)
  --name <text>     with add: the full name; without it the user name
  --branch <code>   with add: the branch the user belongs to; without it all branches
  --password-stdin  read the password from standard input instead of asking for it`,
  options: {
    role: { type: 'string' },
    email: { type: 'string' },
    name: { type: 'string' },
    branch: { type: 'string' },
    'password-stdin': { type: 'boolean', default: false }
  },
  words: 2,
  async run(values, [word, username]) {
    const action = word !== undefined && Object.hasOwn(actions, word) ? actions[word]! : undefined
    if (!action) throw new UsageError('Say add, password, deactivate or list')
    if (action.username && !username) throw new UsageError(`Which user? regal user ${word} <user name>`)
    if (word === 'add' && !(values.role && values.email)) throw new UsageError('A new user needs --role and --email')
    const password = action.password ? await newPassword(values['password-stdin'] === true) : ''
    await withDatabase({ create: false }, (settings) =>
      withServices(settings, (regal) => action.run(regal, username ?? '', values, password))
    )
    return 0
  }
}
