import { fileURLToPath } from 'node:url'
import { buildClient } from './client-package.ts'

await buildClient(fileURLToPath(new URL('../dist/client', import.meta.url)))
