import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Regal } from '../app.ts'
import { newId } from '../ids.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'
import type { Row } from '../services/projection.ts'
import { importFile } from '../transfer/import.ts'
import { importOptions } from '../transfer/options.ts'
import { CONTENT_TYPES, FORMATS } from '../transfer/source.ts'
import { type Command, CommandError, UsageError } from './command.ts'
import { progressOn } from './progress.ts'
import { print, say, withDatabase, withServices } from './shop.ts'

const SHOWN = 20

/** `Title=field` of each `--map` as the address of an import has it. */
function mappingOf(given: unknown): Record<string, string> {
  const pairs = (Array.isArray(given) ? given : []).map((pair) => {
    const cut = String(pair).lastIndexOf('=')
    if (cut < 1) throw new UsageError('--map looks like "Column=field"')
    return [String(pair).slice(0, cut), String(pair).slice(cut + 1)]
  })
  return Object.fromEntries(pairs)
}

async function* counting(path: string, told: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    bytes += (chunk as Buffer).length
    told(bytes)
    yield chunk as Buffer
  }
}

function report({ created, updated, skipped, failed, report: faults, failure, dry_run }: Row): string {
  const lines = (faults as { row: number; column?: string; message: string }[])
    .slice(0, SHOWN)
    .map(({ row, column, message }) => `  row ${row}${column ? `, ${column}` : ''}: ${message}`)
  const counts = `${created} created, ${updated} updated, ${skipped} unchanged, ${failed} failed.`
  return [`${dry_run ? 'On trial: ' : ''}${counts}`, ...lines, ...(failure ? [String(failure)] : [])].join('\n')
}

const kb = (bytes: number) => Math.ceil(bytes / 1000)

async function run(regal: Regal, name: string, path: string, query: Record<string, unknown>): Promise<Row> {
  const { services, publisher } = regal
  const resource = resourceNamed(name)
  const format = FORMATS.find((ending) => extname(path).toLowerCase() === `.${ending}`)
  if (!format) throw new UsageError(`The file ends in ${FORMATS.map((ending) => `.${ending}`).join(', ')}`)
  const options = importOptions(resource, query, { 'content-type': CONTENT_TYPES[format] })
  const { size } = await stat(path)
  const { progress, end } = progressOn(process.stderr)
  const bytes = counting(path, (read) => progress('kB read', kb(read), kb(size)))
  const request = { resource, options, call: { request_id: newId() }, bytes }
  const { record } = await importFile({ services, publisher, stopping: () => false }, request).finally(end)
  return record
}

export const importCommand: Command = {
  usage: '<resource> <file> [options]',
  help: `Reads a file (.csv, .xlsx or .jsonl) into a resource, with all rights. Columns are found by the names and titles of fields.

  --map "<column>=<field>"  what a column fills, a field or a path such as vendor.name; more than once. Empty leaves it out
  --upsert <key>            change the record with the same key (sku), where there is one
  --dry-run                 check every row and change nothing
  --stop                    stop at the first faulty row`,
  options: {
    map: { type: 'string', multiple: true },
    upsert: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    stop: { type: 'boolean', default: false }
  },
  words: 2,
  async run(values, [name, path]) {
    if (!name || !path) throw new UsageError('Name a resource and a file')
    if (!isResource(name) || !resourceNamed(name).methods.includes('create'))
      throw new UsageError(`Nothing can be imported into ${name}`)
    const query = {
      mapping: mappingOf(values.map),
      ...(values.upsert !== undefined && { upsert: values.upsert }),
      ...(values['dry-run'] && { dry_run: 'true' }),
      ...(values.stop && { on_error: 'stop' })
    }
    await stat(path).catch(() => {
      throw new CommandError(`There is no file ${path}.`)
    })
    const record = await withDatabase({ create: false }, (settings) =>
      withServices(settings, (regal) => run(regal, name, path, query))
    )
    print(report(record))
    if (record.status === 'failed') say('The file was not read to its end.')
    return record.status === 'done' && record.failed === 0 ? 0 : 1
  }
}
