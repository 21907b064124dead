import { failure } from '../errors.ts'
import { type Call, isNested } from '../policy/call.ts'
import { endpoints } from '../policy/matrix.ts'
import type { Places } from '../policy/places.ts'
import type { Principal } from '../policy/principal.ts'
import { readerOf } from '../policy/reader.ts'
import type { Hook, HookContext } from './types.ts'

export interface Authenticator {
  authenticate(accessToken: string): Promise<Principal>
}

/** The access token of a call: from the header, or for a socket the one it signed in with. */
function tokenOf({ provider, headers, connection }: Call): string | undefined {
  if (provider !== 'rest') return connection?.access_token as string | undefined
  const header = headers?.authorization
  if (!header) return undefined
  const [scheme, token, more] = header.split(' ')
  if (!/^bearer$/i.test(scheme!) || !token || more !== undefined) throw failure('token_invalid')
  return token
}

const isPublic = ({ path, method }: HookContext) => endpoints[path]?.[method] === 'public'

/** Who signed in with the call's token; undefined without one. @throws 401 */
async function whoCalls(params: Call, sessions: Authenticator): Promise<Principal | undefined> {
  const token = tokenOf(params)
  return token === undefined ? undefined : sessions.authenticate(token)
}

/** A client may send a token that is over along with a sign-in or a refresh, which is just when it needs one. */
async function whoeverCalls(params: Call, sessions: Authenticator): Promise<Principal | undefined> {
  return whoCalls(params, sessions).catch((error) => {
    if (error.code === 401) return undefined
    throw error
  })
}

/** Finds out who calls. Without a token the call goes on as nobody's; `authorize` decides what nobody may do. */
export const authenticate =
  (sessions: Authenticator, places: Places): Hook =>
  async (context, next) => {
    const { params } = context
    if (!params.provider || isNested(params)) return next()
    const principal = await (isPublic(context) ? whoeverCalls : whoCalls)(params, sessions)
    if (principal) {
      params.principal = principal
      params.reader = readerOf(principal, places.home, (branch) => places.today(branch))
    }
    return next()
  }
