import { endpoints } from '../policy/matrix.ts'
import { schemaRef } from './components.ts'
import { answer, body } from './operations.ts'
import { routeReasons } from './reasons.ts'
import { operation } from './route.ts'
import { exampleRules } from './route-schemas.ts'
import type { Json } from './wire.ts'

const ID = '01920000-0000-7000-8000-000000000004'
const ACCESS = 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzaWQiOiIwMTkyIn0.c2lnbmF0dXJl'
const REFRESH = 'rt_4rKc0oCq2mEo1oW5'
const user = {
  id: ID,
  username: 'ada',
  email: 'ada@example.com',
  full_name: 'Ada Marsh',
  role: 'cashier',
  branch_id: null,
  is_active: true
}
const tokens = { access_token: ACCESS, refresh_token: REFRESH, token_type: 'bearer', expires_in: 900 }

const pub = { security: [] }

/** `security` as the matrix has it, so that the document cannot say otherwise. */
const reach = (path: string, method: string): Json => (endpoints[path]?.[method] === 'public' ? pub : {})

/** Our own ways to sign in and out. */
export const signInPaths = (): Json => ({
  '/auth/login': {
    post: operation({
      tag: 'sign-in',
      id: 'authLogin',
      summary: 'Sign in',
      description: 'Opens a session. No sign-in needed. Failed attempts are counted per account and address.',
      more: {
        ...reach('auth/login', 'create'),
        requestBody: body(schemaRef('Login'), { username: 'ada', password: 'a long pass phrase' })
      },
      gives: { 200: answer('Signed in', schemaRef('LoginAnswer'), { ...tokens, user }) },
      reasons: routeReasons.login
    })
  },
  '/auth/refresh': {
    post: operation({
      tag: 'sign-in',
      id: 'authRefresh',
      summary: 'Buy the next pair of tokens; each refresh token is good for one',
      description: 'The refresh token stands for the sign-in. One that was used before ends the session.',
      more: {
        ...reach('auth/refresh', 'create'),
        requestBody: body(schemaRef('RefreshToken'), { refresh_token: REFRESH })
      },
      gives: { 200: answer('The next pair', schemaRef('Tokens'), tokens) },
      reasons: routeReasons.refresh
    })
  },
  '/auth/logout': {
    post: operation({
      tag: 'sign-in',
      id: 'authLogout',
      summary: 'End a session with its access tokens and sockets',
      description: 'The refresh token stands for the sign-in: whoever has it may end its session.',
      more: {
        ...reach('auth/logout', 'create'),
        requestBody: body(schemaRef('RefreshToken'), { refresh_token: REFRESH })
      },
      gives: { 200: answer('Ended', schemaRef('LoggedOut'), { message: 'The session has ended.' }) },
      reasons: routeReasons.logout
    })
  },
  '/auth/me': {
    get: operation({
      tag: 'sign-in',
      id: 'authMe',
      summary: 'Who the caller is, and which rules apply',
      description: 'For whoever is signed in.',
      gives: {
        200: answer('The caller', schemaRef('Me'), { user, role: { id: ID, name: 'cashier' }, rules: exampleRules() })
      },
      reasons: routeReasons.session
    })
  }
})

const ended = { authentication: { strategy: 'jwt' }, user }

/** The protocol of Feathers' own client. */
export const feathersPaths = (): Json => ({
  '/authentication': {
    post: operation({
      tag: 'sign-in',
      id: 'feathersSignIn',
      summary: 'Sign in as Feathers’ own client does',
      description: 'By user name or e-mail and password, or with an access token again. No sign-in needed.',
      more: {
        ...reach('authentication', 'create'),
        requestBody: body(schemaRef('AuthenticationRequest'), {
          strategy: 'local',
          username: 'ada',
          password: 'a long pass phrase'
        })
      },
      gives: {
        201: answer('Signed in', schemaRef('AuthenticationAnswer'), {
          accessToken: ACCESS,
          refreshToken: REFRESH,
          authentication: {
            strategy: 'local',
            payload: { sub: ID, sid: ID, aud: 'regal', iat: 1_769_850_000, exp: 1_769_850_900 }
          },
          user
        })
      },
      reasons: [...routeReasons.login, 'token_invalid', 'token_expired', 'session_ended']
    }),
    delete: operation({
      tag: 'sign-in',
      id: 'feathersSignOut',
      summary: 'Sign out as Feathers’ own client does',
      description: 'Ends the caller’s session. For whoever is signed in.',
      gives: { 200: answer('Ended', schemaRef('AuthenticationEnd'), ended) },
      reasons: [...routeReasons.session, 'no_dry_run']
    })
  },
  '/authentication/{id}': {
    delete: operation({
      tag: 'sign-in',
      id: 'feathersSignOutOf',
      summary: 'The same, with the caller’s own access token as the id',
      description: 'Ends the caller’s session. Addresses end up in logs: leave the token out.',
      more: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 2000 } }]
      },
      gives: { 200: answer('Ended', schemaRef('AuthenticationEnd'), ended) },
      reasons: [...routeReasons.session, 'no_dry_run']
    })
  }
})
