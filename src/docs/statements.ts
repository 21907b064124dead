import { currency } from '../schemas/currency.ts'
import { resourceNamed } from '../schemas/index.ts'
import { parameterRef, pascal, schemaRef } from './components.ts'
import { answer } from './operations.ts'
import { errorResponses, routeReasons } from './reasons.ts'
import { inCurrency } from './records.ts'
import type { Json } from './wire.ts'

const ID = '01920000-0000-7000-8000-00000000000'
const uuid = { type: 'string', format: 'uuid' }
const date = { type: 'string', format: 'date' }
const amount = () => ({ type: 'string', format: 'decimal', description: `An amount in ${currency.code}` })
const amounts = (names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, amount()]))
/** Everything there is of it is answered, always. */
const whole = (properties: Json): Json => ({ type: 'object', properties, required: Object.keys(properties) })

const PARTIES = {
  customer: {
    kinds: ['sale', 'payment', 'payment_reversal', 'refund', 'void', 'order_credit', 'other'],
    balance: 'opening + debits - credits: what the customer owes',
    lines: [
      { kind: 'sale', document: 'MKT-01-000118', debit: '40.00', credit: '0.00', balance: '65.00' },
      { kind: 'payment', document: 'MKT-01-000118', debit: '0.00', credit: '30.00', balance: '35.00' }
    ],
    sums: { opening: '25.00', debits: '40.00', credits: '30.00', closing: '35.00' },
    open: { days_1_30: '10.00', over_90: '25.00', unallocated: '0.00', balance: '35.00' }
  },
  vendor: {
    kinds: ['receipt', 'return', 'payment', 'payment_reversal', 'other'],
    balance: 'opening + credits - debits: what the shop owes',
    lines: [
      { kind: 'receipt', document: 'MKT-GR000031', debit: '0.00', credit: '67.20', balance: '67.20' },
      { kind: 'payment', document: 'MKT-VP000012', debit: '50.00', credit: '0.00', balance: '17.20' }
    ],
    sums: { opening: '0.00', debits: '50.00', credits: '67.20', closing: '17.20' },
    open: { days_1_30: '17.20', unallocated: '0.00', balance: '17.20' }
  }
} as const
type Party = keyof typeof PARTIES
const parties = Object.keys(PARTIES) as Party[]

/** Columns of an ageing: what is open, by age, to the balance. */
const columns = (): string[] => {
  const { all } = resourceNamed('customer-ageing')
  return Object.keys(all).filter((name) => all[name]!.kind === 'money')
}

const schemaOf = (party: Party): Json =>
  whole({
    id: uuid,
    [party]: whole({ id: uuid, name: { type: 'string', maxLength: 150 } }),
    from: date,
    to: date,
    branches: {
      anyOf: [{ type: 'array', items: uuid, maxItems: 10_000 }, { type: 'null' }],
      description: 'Null: entries of all branches; else of these alone, as the caller reads no others'
    },
    opening: { ...amount(), description: 'The balance before the period' },
    entries: {
      type: 'array',
      maxItems: 5000,
      items: whole({
        id: uuid,
        business_date: date,
        kind: { type: 'string', enum: PARTIES[party].kinds },
        document: { type: 'string', maxLength: 40 },
        document_id: uuid,
        branch_id: uuid,
        ...amounts(['debit', 'credit', 'balance'])
      })
    },
    ...amounts(['debits', 'credits']),
    closing: { ...amount(), description: PARTIES[party].balance },
    ageing: { ...whole(amounts(columns())), description: 'What of it was open at the end of `to`, by its age then' }
  })

function exampleOf(party: Party): Json {
  const { lines, sums, open } = PARTIES[party]
  const none = Object.fromEntries(columns().map((name) => [name, '0.00']))
  return inCurrency({
    id: `${ID}4`,
    [party]: { id: `${ID}4`, name: party === 'customer' ? 'Corner Café' : 'Harbour Wholesale' },
    from: '2026-01-01',
    to: '2026-01-31',
    branches: null,
    ...sums,
    entries: lines.map((line, i) => ({
      id: `${ID}${i}`,
      business_date: `2026-01-1${i}`,
      document_id: `${ID}${i + 5}`,
      branch_id: `${ID}3`,
      ...line
    })),
    ageing: { ...none, ...open }
  })
}

const dayParameter = (name: string, description: string): Json => ({
  name,
  in: 'query',
  required: true,
  schema: date,
  description
})

const nameOf = (party: Party) => `${pascal(party)}Statement`

export const statementSchemas = (): Json => Object.fromEntries(parties.map((party) => [nameOf(party), schemaOf(party)]))

/** `GET /customer-statements/<customer>` and the same of vendors. */
export const statementPaths = (): Json =>
  Object.fromEntries(
    parties.map((party) => [
      `/${party}-statements/{id}`,
      {
        get: {
          tags: [`${party}s`],
          operationId: `get${nameOf(party)}`,
          summary: `The account of a ${party} over a period`,
          description: `By business dates. For whoever may read the ${party} and account entries; who reads those of some branches alone gets a statement of these, named in \`branches\`. At most 5,000 entries: a longer period is refused, not cut.`,
          parameters: [parameterRef('Id'), dayParameter('from', 'The first day'), dayParameter('to', 'The last day')],
          responses: {
            200: answer('The statement', schemaRef(nameOf(party)), exampleOf(party)),
            ...errorResponses(routeReasons.statement)
          }
        }
      }
    ])
  )
