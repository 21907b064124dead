import type { HookContext as FeathersHookContext, NextFunction } from '@feathersjs/feathers'
import type { Call } from '../policy/call.ts'

export type HookContext = FeathersHookContext & { params: Call }
export type Hook = (context: HookContext, next: NextFunction) => Promise<void>
