import { Ajv } from 'ajv'
import { type EmbeddedPattern, isPattern } from '../domain/embedded-barcode.ts'
import { fieldFailure } from '../errors.ts'
import type { Call } from '../policy/call.ts'
import { resourceNamed } from '../schemas/index.ts'
import { settingTypes } from '../schemas/settings.ts'
import type { Row } from './projection.ts'
import { type Engine, ResourceService } from './resource.ts'

const ajv = new Ajv()

/** Settings: the key says what the value must look like. */
export class SettingService extends ResourceService {
  constructor(engine: Engine) {
    super(resourceNamed('settings'), engine)
  }

  protected override async prepare(data: Row, call: Call, id?: string): Promise<Row> {
    if (data.value === undefined) return data
    const key = id ? (await this.get(id, this.reach(call))).key : data.key
    const type = settingTypes[key as keyof typeof settingTypes]
    if (!ajv.validate(type, data.value)) throw fieldFailure('invalid_data', 'value', ajv.errors?.[0]?.message)
    if (key === 'embedded_barcodes') requirePatterns(data.value as EmbeddedPattern[])
    return data
  }
}

/** Each leaves room for a value, and no code fits two of them. */
function requirePatterns(patterns: EmbeddedPattern[]): void {
  const wrong = patterns.findIndex(
    (pattern, i) =>
      !isPattern(pattern) || patterns.some(({ prefix }, j) => i !== j && pattern.prefix.startsWith(prefix))
  )
  if (wrong >= 0)
    throw fieldFailure('invalid_data', `value.${wrong}`, 'leaves no room for a value, or fits the codes of another')
}
