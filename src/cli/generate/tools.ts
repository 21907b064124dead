import { CommandError } from '../command.ts'

/** The packages that only development needs: a production install lacks them. */
async function development<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new CommandError(
      'The generator writes source files with packages of development, which are not installed; run it in a clone after "npm ci".'
    )
  }
}

export const loadEditor = () => development(() => import('ts-morph'))
export const loadPrompts = () => development(() => import('@clack/prompts'))
