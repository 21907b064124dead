import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from './child.ts'

/** Whether a Redis can be started here; tests of it say that they are left out where it cannot. */
export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0

export interface RedisServer {
  url: string
  port: number
  kill(): Promise<void>
}

/** A Redis of its own, that keeps nothing. */
export async function startRedis(port?: number): Promise<RedisServer> {
  const at = port ?? (await freePort())
  const options = ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server: ChildProcess = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(server, 'exit')
  await new Promise<void>((done, failed) => {
    server.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (/ready to accept connections/i.test(text)) done()
    })
    void ended.then(() => failed(new Error('redis-server ended')))
  })
  return {
    url: `redis://127.0.0.1:${at}`,
    port: at,
    async kill() {
      server.kill('SIGKILL')
      await ended
    }
  }
}
