import { Type } from '@feathersjs/typebox'
import { computed, flag, json, money, text } from './fields.ts'

/** How a party is reached: at least one of phone and e-mail. */
const contactsSchema = Type.Object(
  {
    phone: Type.Optional(Type.String({ minLength: 3, maxLength: 40 })),
    email: Type.Optional(Type.String({ format: 'email', maxLength: 254 }))
  },
  { additionalProperties: false, minProperties: 1 }
)

/** Fields that customers and vendors share. */
export const partyFields = () => ({
  name: text({ max: 150, search: true }),
  contacts: json(contactsSchema),
  is_active: flag({ default: true }),
  /** Sum of the party's account entries; see account_balances. */
  balance: computed(
    money(),
    (self) => `coalesce((select b.balance from account_balances b where b.party_id = ${self}.id), 0.0000)`
  )
})
