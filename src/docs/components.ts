import type { Json } from './wire.ts'

/** `stock-entries` -> `StockEntry`: how a record of the resource is called in schemas and operation ids. */
export function singularOf(resource: string): string {
  const one = resource
    .replace(/ies$/, 'y')
    .replace(/men$/, 'man')
    .replace(/(ch|sh|ss|x)es$/, '$1')
    .replace(/s$/, '')
  return pascal(one)
}

export const pascal = (kebab: string): string =>
  kebab
    .split('-')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('')

export const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
export const parameterRef = (name: string): Json => ({ $ref: `#/components/parameters/${name}` })
export const exampleRef = (name: string): Json => ({ $ref: `#/components/examples/${name}` })
