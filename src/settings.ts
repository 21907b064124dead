import { fileURLToPath } from 'node:url'
import { type Static, Type } from '@feathersjs/typebox'
import { Ajv } from 'ajv'

const text = () => Type.String({ minLength: 1 })
const count = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })

/** Every setting there is; defaults in `config/default.json`, names of variables in `custom-environment-variables.json`. */
const settingsSchema = Type.Object(
  {
    port: count(0, 65535),
    host: text(),
    data_dir: text(),
    public_url: Type.String(),
    trusted_proxies: count(0, 10),
    log_level: Type.Union(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map((level) => Type.Literal(level))
    ),
    cors_origins: Type.Array(Type.String({ pattern: '^https?://[^/]+$' })),
    demo: Type.Boolean(),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    currency_scale: count(0, 4),
    timezone: text(),
    database: Type.Object(
      {
        url: Type.String({ pattern: '^(postgres(ql)?://.+)?$' }),
        direct_url: Type.String({ pattern: '^(postgres(ql)?://.+)?$' }),
        pool_max: count(1, 500),
        acquire_timeout_ms: count(100, 60_000),
        query_timeout_ms: count(100, 600_000),
        prepared_statements: Type.Boolean(),
        session_settings: Type.Boolean()
      },
      { additionalProperties: false }
    ),
    redis_url: Type.String({ pattern: '^(rediss?://.+)?$' }),
    auth: Type.Object(
      {
        secret: Type.String({ pattern: '^(.{32,})?$' }),
        admin_password: Type.String({ pattern: '^(.{10,})?$' }),
        access_minutes: count(1, 60),
        refresh_days: count(1, 365),
        refresh_grace_seconds: count(0, 60)
      },
      { additionalProperties: false }
    ),
    limits: Type.Object(
      {
        body_bytes: count(1000, 100_000_000),
        requests_per_minute_user: count(1, 1_000_000),
        requests_per_minute_address: count(1, 1_000_000),
        logins_per_quarter_account: count(1, 100_000),
        logins_per_quarter_address: count(1, 100_000),
        sockets_per_user: count(1, 10_000),
        messages_per_second: count(1, 100_000)
      },
      { additionalProperties: false }
    ),
    metrics_token: Type.String()
  },
  { additionalProperties: false }
)

export type Settings = Static<typeof settingsSchema>

/** Which environment variable sets `path`, for a message its reader can act on. */
function variableOf(path: string[], names: unknown): string {
  let node = names
  for (const key of path) node = (node as Record<string, unknown> | undefined)?.[key]
  if (typeof node === 'string') return node
  if (node && typeof node === 'object' && '__name' in node) return String(node.__name)
  return `config: ${path.join('.')}`
}

/** Checks a whole settings object; throws one Error that names every variable at fault. */
export function checkSettings(candidate: unknown, variables: unknown = {}): Settings {
  const validate = new Ajv({ allErrors: true }).compile<Settings>(settingsSchema)
  if (validate(candidate)) return candidate
  const lines = (validate.errors ?? []).map((error) => {
    const path = error.instancePath.split('/').slice(1)
    return `  ${variableOf(path, variables)} ${error.message}`
  })
  throw new Error(`The configuration cannot be used:\n${[...new Set(lines)].join('\n')}`)
}

/** Reads config/*.json and the environment (node-config), then checks it. */
export async function loadSettings(): Promise<Settings> {
  process.env.NODE_CONFIG_DIR ??= fileURLToPath(new URL('../config', import.meta.url))
  process.env.SUPPRESS_NO_CONFIG_WARNING ??= '1'
  const { default: config } = await import('config')
  const variables = (await import('../config/custom-environment-variables.json', { with: { type: 'json' } })).default
  return checkSettings(structuredClone(config.util.toObject()), variables)
}
