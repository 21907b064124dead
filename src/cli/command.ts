import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>
type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

/** One command of the program: what it is called with, what it says of itself, and what it does. */
export interface Command {
  /** Printed by `--help` after the line of usage. */
  help: string
  /** What follows the command's name, as its help shows it. */
  usage: string
  options: Options
  /** How many words may follow; one more is a mistake of the caller. */
  words: number
  /** Answers the exit code. */
  run(values: Values, words: string[]): Promise<number>
}

/** The caller wrote what cannot be understood: a sentence, and exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** What went wrong is said in one sentence, without a stack: exit code 1. */
export class CommandError extends Error {}

/** Takes the arguments of a command apart. @throws UsageError */
export function parse(command: Command, args: string[]): { values: Values; words: string[] } {
  const options: Options = { ...command.options, help: { type: 'boolean', short: 'h' } }
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    if (positionals.length > command.words && !values.help)
      throw new UsageError(`There is one word too many: ${positionals[command.words]}`)
    return { values: values as Values, words: positionals }
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) throw error
    throw new UsageError((error as Error).message.split('. ')[0])
  }
}

/** A whole number from an option. @throws UsageError outside of `least` to `most` */
export function wholeNumber(values: Values, name: string, least: number, most: number): number {
  const text = String(values[name])
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new UsageError(`--${name} is a whole number from ${least} to ${most}`)
  return number
}
