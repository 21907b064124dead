import { failure } from '../errors.ts'
import type { Call } from '../policy/call.ts'
import type { Places } from '../policy/places.ts'
import type { Principal } from '../policy/principal.ts'
import { readerOf } from '../policy/reader.ts'
import type { Hook } from './types.ts'

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

/** Finds out who calls. Without a token the call goes on as nobody's; `authorize` decides what nobody may do. */
export const authenticate =
  (sessions: Authenticator, places: Places): Hook =>
  async (context, next) => {
    const { params } = context
    if (!params.provider) return next()
    const token = tokenOf(params)
    if (token) {
      params.principal = await sessions.authenticate(token)
      params.reader = readerOf(params.principal, places.home, (branch) => places.today(branch))
    }
    return next()
  }
