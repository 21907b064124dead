import type { Report } from './define.ts'
import { salesByDay } from './sales-by-day.ts'

/** Every report there is. */
const registry = [salesByDay]

export const reports: readonly Report[] = registry
