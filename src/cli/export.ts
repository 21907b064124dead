import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { gateOf } from '../policy/gate.ts'
import { parseAddress } from '../rest/query.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'
import { parseQuery } from '../schemas/query.ts'
import { exportStream } from '../transfer/export.ts'
import { type Command, UsageError } from './command.ts'
import { withDatabase, withServices } from './shop.ts'

export const exportCommand: Command = {
  usage: '<resource> [options]',
  help: `Writes all records of a resource to a file, or to standard output.

  --format <format>  csv, xlsx or jsonl (csv)
  --query <query>    as in an address: "is_active=true&$sort[name]=1"
  --out <file>       where to`,
  options: {
    format: { type: 'string', default: 'csv' },
    query: { type: 'string', default: '' },
    out: { type: 'string' }
  },
  words: 1,
  async run({ format, query: text, out }, [name]) {
    if (!name || !isResource(name)) throw new UsageError(name ? `There is no resource ${name}` : 'Name a resource')
    const resource = resourceNamed(name)
    await withDatabase({ create: false }, (settings) =>
      withServices(settings, async ({ services }) => {
        const query = parseAddress(String(text))
        const plan = parseQuery(gateOf(resource, {}, true), query)
        const { stream } = await exportStream({ service: services.get(name)!, call: { query, plan }, format })
        if (out === undefined) await pipeline(stream, process.stdout, { end: false })
        else await pipeline(stream, createWriteStream(String(out)))
      })
    )
    return 0
  }
}
