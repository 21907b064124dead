import type { Command } from './command.ts'
export const demoCommand: Command = { usage: '', help: '', options: {}, words: 0, run: async () => 0 }
