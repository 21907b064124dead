import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { tableSql } from '../../schemas/ddl.ts'
import type { Resource } from '../../schemas/define.ts'
import { isResource } from '../../schemas/index.ts'
import type { Changes } from './changes.ts'

export async function evolve(changes: Changes, next: readonly Resource[]): Promise<string[]> {
  const added = next.filter(({ name }) => !isResource(name))
  if (!added.length) return []
  const numbers = (await readdir(join(changes.root, 'migrations')))
    .map((name) => Number.parseInt(name, 10))
    .filter(Number.isInteger)
  const number = String(Math.max(...numbers) + 1).padStart(4, '0')
  changes.create(`migrations/${number}_${added[0]!.table}.sql`, `${added.flatMap(tableSql).join(';\n')};\n`)
  return ['Start the server, or run "npx regal migrate": the table is made then.']
}
