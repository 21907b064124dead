import { fileURLToPath } from 'node:url'
import { type Static, type TSchema, Type } from '@feathersjs/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import { businessDate } from './domain/dates.ts'

const text = () => Type.String({ minLength: 1 })
const count = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })
/** Text of a form; `description` ends the sentence "must be ...". */
const like = (pattern: string, description: string) => Type.String({ pattern, description })
const database = () => like('^(postgres(ql)?://[^/]+.*)?$', 'an address like postgres://user:password@host/name')

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Every setting there is; defaults in `config/default.json`, names of variables in `custom-environment-variables.json`. */
const settingsSchema = Type.Object(
  {
    port: count(0, 65535),
    host: text(),
    data_dir: text(),
    trusted_proxies: count(0, 10),
    log_level: like(`^(${LEVELS.join('|')})$`, `one of ${LEVELS.join(', ')}`),
    cors_origins: Type.Array(like('^https?://[^/\\s]+$', 'origins like https://till.example, separated by commas')),
    demo: Type.Boolean(),
    currency: Type.String({ format: 'currency', description: 'a currency of ISO 4217 such as USD' }),
    currency_scale: count(0, 4),
    timezone: Type.String({ format: 'time-zone', description: 'a time zone such as Europe/Berlin' }),
    database: Type.Object(
      {
        url: database(),
        direct_url: database(),
        pool_max: count(1, 500),
        acquire_timeout_ms: count(100, 60_000),
        query_timeout_ms: count(100, 600_000),
        prepared_statements: Type.Boolean(),
        session_settings: Type.Boolean()
      },
      { additionalProperties: false }
    ),
    redis_url: like('^(rediss?://.+)?$', 'an address like redis://host:6379'),
    auth: Type.Object(
      {
        secret: like('^(.{32,})?$', 'at least 32 characters long'),
        admin_password: like('^(.{10,})?$', 'at least 10 characters long'),
        access_minutes: count(1, 60),
        refresh_days: count(1, 365),
        refresh_grace_seconds: count(0, 60)
      },
      { additionalProperties: false }
    ),
    files: Type.Object(
      {
        s3_bucket: like('^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$', 'the name of a bucket'),
        s3_region: like('^[a-z0-9-]+$', 'a region such as us-east-1'),
        s3_endpoint: like('^(https?://[^/\\s]+/?)?$', 'an address like https://s3.example'),
        s3_access_key: like('^\\S*$', 'a key without spaces'),
        s3_secret_key: like('^\\S*$', 'a key without spaces'),
        s3_path_style: Type.Boolean()
      },
      { additionalProperties: false }
    ),
    limits: Type.Object(
      {
        body_bytes: count(1000, 100_000_000),
        image_bytes: count(1000, 100_000_000),
        uploads_at_once: count(1, 1000),
        import_bytes: count(1000, 1_000_000_000),
        imports_at_once: count(1, 100),
        requests_per_minute_user: count(1, 1_000_000),
        requests_per_minute_address: count(1, 1_000_000),
        logins_per_quarter_account: count(1, 100_000),
        logins_per_quarter_address: count(1, 100_000),
        sockets_per_user: count(1, 10_000),
        messages_per_second: count(1, 100_000),
        batch_operations: count(1, 10_000)
      },
      { additionalProperties: false }
    ),
    metrics_token: Type.String()
  },
  { additionalProperties: false }
)

export type Settings = Static<typeof settingsSchema>

const ajv = new Ajv({ allErrors: true, verbose: true })
ajv.addFormat('currency', (code: string) => Intl.supportedValuesOf('currency').includes(code))
ajv.addFormat('time-zone', (name: string) => {
  try {
    return Boolean(businessDate(new Date(), name))
  } catch {
    return false
  }
})

const YES_NO: Record<string, boolean> = { true: true, 1: true, false: false, 0: false }

/** A variable is text; what its schema wants of it, or the text itself for the check to refuse. */
function fromText(schema: TSchema, value: unknown): unknown {
  if (schema.type === 'object' && typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, fromText(schema.properties[name] ?? {}, part)])
    )
  if (typeof value !== 'string') return value
  if (schema.type === 'integer') return /^-?\d+$/.test(value) ? Number(value) : value
  if (schema.type === 'boolean') return YES_NO[value] ?? value
  if (schema.type === 'array') return value.split(',').flatMap((part) => part.trim() || [])
  return value
}

/** Which environment variable sets `path` (or the list it is an entry of), for a message its reader can act on. */
function variableOf(path: string[], names: unknown): string {
  let node = names
  for (const key of path) if (typeof node === 'object') node = (node as Record<string, unknown> | null)?.[key]
  return typeof node === 'string' ? node : `config: ${path.join('.')}`
}

function sentenceOf({ keyword, message, parentSchema }: ErrorObject): string {
  const described = (keyword === 'pattern' || keyword === 'format') && parentSchema?.description
  return described ? `must be ${described}` : message!
}

/** Checks a whole settings object; throws one Error that names every variable at fault, and no value. */
export function checkSettings(candidate: unknown, variables: unknown = {}): Settings {
  const validate = ajv.compile<Settings>(settingsSchema)
  const settings = fromText(settingsSchema, candidate)
  if (validate(settings)) return settings
  const lines = (validate.errors ?? []).map(
    (error) => `  ${variableOf(error.instancePath.split('/').slice(1), variables)} ${sentenceOf(error)}`
  )
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
