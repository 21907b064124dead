#!/usr/bin/env node
import { existsSync } from 'node:fs'

// A clone runs its TypeScript as it is; the container has it compiled, and no sources.
const source = new URL('../src/cli/main.ts', import.meta.url)
if (existsSync(source)) {
  const { register } = await import('tsx/esm/api')
  register()
  await import(source.href)
} else await import('../dist/src/cli/main.js')
