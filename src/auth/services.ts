import type { NullableId } from '@feathersjs/feathers'
import { failure, fieldFailure } from '../errors.ts'
import type { Call } from '../policy/call.ts'
import type { Principal } from '../policy/principal.ts'
import { jwtBody, localBody, loginBody, refreshBody, strategyBody } from './bodies.ts'
import type { Limits } from './limits.ts'
import type { Origin, PublicUser, Sessions, TokenAnswer } from './sessions.ts'

/** The live side, as far as signing in and out over a socket concerns it. */
export interface SignInSockets {
  /** The socket is that token's from now on: a sign-in, or a fresh token for a longer stay. */
  signIn(connection: object, accessToken: string): Promise<void>
  /** The socket is nobody's from now on, but stays open. */
  signOut(connection: object): void
}

/** What a way to sign in makes out of a body. Further ones (passkeys) are further entries of the map below. */
type Strategy = (
  body: unknown,
  params: Call
) => Promise<{ accessToken: string; refreshToken?: string; user: PublicUser }>

const originOf = ({ ip, headers, request_id }: Call): Origin => ({
  ip: ip?.slice(0, 60),
  device: headers?.['user-agent']?.slice(0, 300),
  request_id
})

function publicUser({ user }: Principal): PublicUser {
  const { role_id: _, ...rest } = user
  return rest
}

function principalOf({ principal }: Call): Principal {
  if (!principal) throw failure('not_signed_in')
  return principal
}

/** The services of sign-in by path. `auth/*` are ours; `authentication` is what Feathers' own client speaks with. */
export function signInServices(sessions: Sessions, limits: Limits, sockets: SignInSockets) {
  async function attach(accessToken: string, { connection }: Call): Promise<void> {
    if (connection) await sockets.signIn(connection, accessToken)
  }

  async function granted<T extends TokenAnswer>(answer: T, params: Call): Promise<T> {
    await attach(answer.access_token, params)
    return answer
  }

  const login = (credentials: { username: string; password: string }, params: Call) =>
    limits.login(credentials.username, params.ip, () => sessions.login(credentials, originOf(params)))

  async function logout(sessionId: string, params: Call): Promise<void> {
    const { connection, principal } = params
    // The end of a session cuts its sockets: this one first leaves it, or it would never hear the answer.
    if (connection && principal?.session_id === sessionId) sockets.signOut(connection)
    await sessions.endSession(sessionId, 'logout', { ...originOf(params), session_id: sessionId })
  }

  const strategies: Record<string, Strategy> = {
    local: async (body, params) => {
      const { access_token, refresh_token, user } = await login(localBody(body), params)
      return { accessToken: access_token, refreshToken: refresh_token, user }
    },
    jwt: async (body) => {
      const { accessToken } = jwtBody(body)
      return { accessToken, user: publicUser(await sessions.authenticate(accessToken)) }
    }
  }

  const loginService = {
    create: async (data: unknown, params: Call) => granted(await login(loginBody(data), params), params)
  }

  const refreshService = {
    create: async (data: unknown, params: Call) =>
      granted(await sessions.refresh(refreshBody(data).refresh_token, originOf(params)), params)
  }

  const logoutService = {
    create: async (data: unknown, params: Call) => {
      await logout(await sessions.sessionOf(refreshBody(data).refresh_token), params)
      return { message: 'The session has ended.' }
    }
  }

  const meService = {
    find: async (params: Call) => {
      const principal = principalOf(params)
      const { role_id, role } = principal.user
      return { user: publicUser(principal), role: { id: role_id, name: role }, rules: principal.access.rules }
    }
  }

  const authenticationService = {
    create: async (data: unknown, params: Call) => {
      const { strategy } = strategyBody(data)
      if (!Object.hasOwn(strategies, strategy)) throw fieldFailure('invalid_data', 'strategy', 'is not known')
      const { user, ...tokens } = await strategies[strategy]!(data, params)
      await attach(tokens.accessToken, params)
      return { ...tokens, authentication: { strategy, payload: sessions.claimsOf(tokens.accessToken) }, user }
    },

    /** Ends the caller's session. As with Feathers, an id is the caller's own access token. */
    remove: async (id: NullableId, params: Call) => {
      const principal = principalOf(params)
      if (id !== null && sessions.claimsOf(String(id)).sid !== principal.session_id) throw failure('token_invalid')
      await logout(principal.session_id, params)
      return { authentication: { strategy: 'jwt' }, user: publicUser(principal) }
    }
  }

  return {
    'auth/login': { service: loginService, methods: ['create'] },
    'auth/refresh': { service: refreshService, methods: ['create'] },
    'auth/logout': { service: logoutService, methods: ['create'] },
    'auth/me': { service: meService, methods: ['find'] },
    authentication: { service: authenticationService, methods: ['create', 'remove'] }
  }
}
