import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Resource } from '../../schemas/define.ts'
import type { Changes } from './changes.ts'
import { camel } from './names.ts'

const SHOWN = 20

/** Lines of src and test that still say `field`, in files that speak of the resource: for a person to look at. The generator speaks of examples. */
export async function placesOf(changes: Changes, { name, table }: Resource, field: string): Promise<string[]> {
  const planned = new Map(changes.list().map(({ path, after }) => [path, after]))
  const speaks = new RegExp(`\\b(${[name, table, camel(name)].join('|')})\\b`)
  const says = new RegExp(`\\b${field}\\b`)
  const found: string[] = []
  for (const folder of ['src', 'test']) {
    const names = await readdir(join(changes.root, folder), { recursive: true }).catch(() => [])
    for (const path of names
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`)
      .sort()) {
      const text = planned.get(path) ?? (await readFile(join(changes.root, path), 'utf8'))
      if (!speaks.test(text) || path.includes('cli/generate')) continue
      text.split('\n').forEach((line, i) => {
        // The lasting id is to stay.
        if (says.test(line.replace(`id: '${field}'`, '')))
          found.push(`  ${path}:${i + 1}: ${line.trim().slice(0, 100)}`)
      })
    }
  }
  if (!found.length) return []
  const more = found.length > SHOWN ? [`  and ${found.length - SHOWN} more`] : []
  return [`Places that still say ${field}, of ${name} or of something else:`, ...found.slice(0, SHOWN), ...more]
}
