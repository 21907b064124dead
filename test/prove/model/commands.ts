import type { Tender } from './sales.ts'
import type { Cart, CartLine } from './state.ts'

/** A command with everything decided: what is asked of the shop, and of the model. `by`, products, registers: positions. */
export interface Commands {
  sell: {
    id: string
    register: number
    customer: number | null
    cart: Cart
    payments: Tender[]
    draft: boolean
  }
  resume: {
    invoice: string
    version?: number
    items?: CartLine[]
    status?: 'issued' | 'cancelled'
    payments: Tender[]
  }
  pay: { id: string; invoice: string } & Tender
  refund: {
    id: string
    invoice: string
    register?: number
    method?: string
    items: { line: number; quantity: number; damaged: boolean }[]
  }
  receive: { id: string; items: { product: number; quantity: number; cost: number; price?: number }[] }
  sendBack: { id: string; items: { product: number; quantity: number; cost?: number }[] }
  adjust: { id: string; product: number; quantity: number; cost?: number }
  voidSale: { id: string; invoice: string; register?: number }
  send: { id: string; items: { product: number; quantity: number }[] }
  /** What arrived of each line. */
  arrive: { id: string; transfer: string; quantities: number[] }
  startCount: { id: string }
  countLine: { id: string; count: string; product: number; counted: number }
  closeCount: { id: string; count: string }
  openShift: { id: string; register: number; float?: number }
  closeShift: { id: string; register: number; counted: Record<string, number> }
  moveCash: { id: string; register: number; kind: string; amount: number }
}

export type Name = keyof Commands
export type Do<N extends Name> = Commands[N] & { by: number }
export type Command = { [N in Name]: { do: N } & Do<N> }[Name]

/** The id of the document that a command makes; none for one that changes what is there. */
export const madeBy = (command: Command): string | undefined => ('id' in command ? command.id : undefined)
