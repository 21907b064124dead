import { text } from 'node:stream/consumers'
import { CommandError, UsageError } from './command.ts'

const END_OF_TEXT = '\u0003'
const END_OF_TRANSMISSION = '\u0004'
const ERASE = new Set(['\u007f', '\b'])

/** One line typed on the terminal and not shown. @throws CommandError at Ctrl-C */
function askHidden(question: string): Promise<string> {
  const { stdin } = process
  // Quiet first, then the question: who types at once must not be shown either.
  stdin.setRawMode(true).setEncoding('utf8').resume()
  process.stderr.write(question)
  let typed: string[] = []
  return new Promise((done, failed) => {
    const end = (settle: () => void) => {
      stdin.setRawMode(false).pause().off('data', read)
      process.stderr.write('\n')
      settle()
    }
    const read = (chunk: string) => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n' || key === END_OF_TRANSMISSION) return end(() => done(typed.join('')))
        if (key === END_OF_TEXT) return end(() => failed(new CommandError('Nothing was changed.')))
        if (ERASE.has(key)) typed = typed.slice(0, -1)
        else typed.push(key)
      }
    }
    stdin.on('data', read)
  })
}

/**
 * A new password: asked for twice on a terminal, or the one line of standard input. Never an argument, which every user of
 * the machine can read in the list of processes.
 */
export async function newPassword(fromInput: boolean): Promise<string> {
  if (fromInput) return (await text(process.stdin)).replace(/\r?\n$/, '')
  if (!process.stdin.isTTY) throw new UsageError('Without a terminal, give the password with --password-stdin')
  const first = await askHidden('Password: ')
  if ((await askHidden('Again: ')) !== first) throw new CommandError('The two are not the same; nothing was changed.')
  return first
}
