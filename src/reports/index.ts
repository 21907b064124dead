import { commission } from './commission.ts'
import type { Report } from './define.ts'
import { salesByDay } from './sales-by-day.ts'

/** Every report there is. */
const registry = [salesByDay, commission]

export const reports: readonly Report[] = registry
