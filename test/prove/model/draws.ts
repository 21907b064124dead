import fc from 'fast-check'

const product = fc.nat(3)
const quantity = fc.oneof(fc.constantFrom(1000, 1000, 2000, 500), fc.integer({ min: 1, max: 6000 }))
/** Once in `times`, else nothing. */
const one = <T>(arbitrary: fc.Arbitrary<T>, times = 3): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
const who = fc.nat(3)
const storekeeper = fc.constantFrom(2, 3, 2, 3, 1)
const cashier = fc.constantFrom(0, 1, 0, 1, 3, 2)
const register = fc.nat(1)
/** Which of the last few documents that fit. */
const pick = fc.nat(3)

/** Thousandths of what it is taken off; above 1000 it is refused. */
const part = fc.oneof(fc.nat(100), fc.nat(1010))
const cart = fc.array(fc.record({ product, quantity, discount: one(part, 4), price: one(fc.nat(30_000), 12) }), {
  minLength: 1,
  maxLength: 3
})

/** How a till is paid: in one of the ways it should, or of those it must refuse. */
const HOW = ['cash', 'change', 'card', 'split', 'half', 'none', 'over', 'short', 'shells', 'carded', 'zero'] as const
const how = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOW.slice(0, 6)) },
  { weight: 1, arbitrary: fc.constantFrom(...HOW) }
)
export type How = (typeof HOW)[number]

const sell = fc.record({
  do: fc.constant('sell' as const),
  who,
  register,
  customer: fc.constantFrom(null, 0, 1),
  cart,
  discount: one(part, 3),
  how,
  draft: fc.integer({ min: 0, max: 3 }).map((n) => n === 3)
})
const resume = fc.record({
  do: fc.constant('resume' as const),
  who,
  pick,
  seen: fc.boolean(),
  to: fc.constantFrom('draft' as const, 'issued' as const, 'issued' as const, 'cancelled' as const),
  cart: one(cart, 2),
  how
})
const pay = fc.record({ do: fc.constant('pay' as const), who, pick, how })
const refund = fc.record({
  do: fc.constant('refund' as const),
  who,
  pick,
  register: one(register, 2),
  method: one(fc.constantFrom('cash', 'card', 'shells'), 2),
  items: fc.array(fc.record({ line: fc.nat(2), part: fc.nat(1100), damaged: fc.boolean() }), {
    minLength: 1,
    maxLength: 2
  })
})
const cost = fc.oneof(fc.constantFrom(60_000, 10_000), fc.nat(2_000_000))
const receive = fc.record({
  do: fc.constant('receive' as const),
  who: storekeeper,
  items: fc.array(fc.record({ product, quantity, cost, price: one(fc.nat(20_000), 5) }), { minLength: 1, maxLength: 3 })
})
const sendBack = fc.record({
  do: fc.constant('sendBack' as const),
  who: storekeeper,
  items: fc.array(fc.record({ product, quantity, cost: one(cost, 2) }), { minLength: 1, maxLength: 2 })
})
const adjust = fc.record({
  do: fc.constant('adjust' as const),
  who: storekeeper,
  product,
  quantity,
  less: fc.boolean(),
  cost: one(cost, 2)
})
const openShift = fc.record({
  do: fc.constant('openShift' as const),
  who: cashier,
  register,
  float: one(fc.nat(50_000), 2)
})
const closeShift = fc.record({
  do: fc.constant('closeShift' as const),
  who: cashier,
  register,
  /** Cents more or less than there should be. */
  wrong: one(fc.integer({ min: -500, max: 500 })),
  methods: fc.constantFrom(1, 2)
})
const moveCash = fc.record({
  do: fc.constant('moveCash' as const),
  who: cashier,
  register,
  kind: fc.constantFrom('paid_in', 'paid_out', 'drop', 'no_sale'),
  amount: fc.oneof(fc.constant(0), fc.nat(10_000), fc.nat(10_000))
})
const voidSale = fc.record({
  do: fc.constant('voidSale' as const),
  who: fc.constantFrom(3, 3, 3, 2),
  pick,
  register: one(register, 2)
})
const send = fc.record({
  do: fc.constant('send' as const),
  who: storekeeper,
  items: fc.array(fc.record({ product, quantity }), { minLength: 1, maxLength: 2 })
})
const arrive = fc.record({
  do: fc.constant('arrive' as const),
  who: fc.constantFrom(3, 3, 2, 0),
  pick,
  /** Thousandths of what was sent, line by line. */
  parts: fc.array(fc.constantFrom(1000, 1000, 0, 800, 1100), { minLength: 2, maxLength: 2 })
})
const startCount = fc.record({ do: fc.constant('startCount' as const), who: storekeeper })
const countLine = fc.record({
  do: fc.constant('countLine' as const),
  who: storekeeper,
  pick,
  product,
  wrong: fc.oneof(fc.constant(0), fc.integer({ min: -3000, max: 3000 }))
})
const closeCount = fc.record({ do: fc.constant('closeCount' as const), who: storekeeper, pick })
/** The last document, sent once more. */
const again = fc.record({ do: fc.constant('again' as const), pick })

/** A command as it is drawn: which document it is about is only known when it is its turn. */
export const draw = fc.oneof(
  { weight: 30, arbitrary: sell },
  { weight: 9, arbitrary: resume },
  { weight: 8, arbitrary: pay },
  { weight: 14, arbitrary: refund },
  { weight: 9, arbitrary: receive },
  { weight: 3, arbitrary: sendBack },
  { weight: 4, arbitrary: adjust },
  { weight: 5, arbitrary: voidSale },
  { weight: 4, arbitrary: send },
  { weight: 4, arbitrary: arrive },
  { weight: 2, arbitrary: startCount },
  { weight: 5, arbitrary: countLine },
  { weight: 2, arbitrary: closeCount },
  { weight: 4, arbitrary: openShift },
  { weight: 3, arbitrary: closeShift },
  { weight: 3, arbitrary: moveCash },
  { weight: 3, arbitrary: again }
)
/** Without new prices, which a sale made at the same time reads before it takes its number. */
export const drawAtOnce = draw.map((drawn) =>
  drawn.do === 'receive' ? { ...drawn, items: drawn.items.map((item) => ({ ...item, price: undefined })) } : drawn
)
export type Draw = typeof draw extends fc.Arbitrary<infer D> ? D : never
export type Drawn<N extends Draw['do']> = Extract<Draw, { do: N }>
