import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DomainError } from '../../src/domain/errors.ts'
import {
  checkGroups,
  chooseOptions,
  combinationOf,
  type OptionGroup,
  pieceOf,
  readCombination
} from '../../src/domain/made-to-order.ts'

const GROUPS: OptionGroup[] = [
  {
    name: 'Neck',
    required: true,
    options: [
      { name: 'Round', surcharge: 0n },
      { name: 'Polo', surcharge: 200n }
    ]
  },
  { name: 'Print', required: false, options: [{ name: 'Back', surcharge: 350n }] }
]
const refused = (code: string, path: unknown, work: () => unknown) =>
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof DomainError)
    assert.deepEqual([error.code, error.path], [code, path])
    return true
  })

describe('Goods made to order', () => {
  it('take the options chosen, in the order of their groups', () => {
    assert.deepEqual(chooseOptions(GROUPS, { Print: 'Back', Neck: 'Polo' }), [
      { group: 'Neck', option: 'Polo', surcharge: 200n },
      { group: 'Print', option: 'Back', surcharge: 350n }
    ])
    assert.deepEqual(chooseOptions(GROUPS, { Neck: 'Round' }), [{ group: 'Neck', option: 'Round', surcharge: 0n }])
  })

  it('take no other option, and one of every group that asks for it', () => {
    refused('unknown_option', ['Sleeve'], () => chooseOptions(GROUPS, { Neck: 'Round', Sleeve: 'Long' }))
    refused('unknown_option', ['Neck'], () => chooseOptions(GROUPS, { Neck: 'round' }))
    refused('option_required', ['Neck'], () => chooseOptions(GROUPS, { Print: 'Back' }))
    refused('unknown_option', ['constructor'], () => chooseOptions(GROUPS, { Neck: 'Round', constructor: 'x' }))
  })

  it('read a combination back as it was written', () => {
    const some = fc.record({ Neck: fc.constantFrom('Round', 'Polo') }, { requiredKeys: ['Neck'] })
    const print = fc.option(fc.constant('Back'), { nil: undefined })
    fc.assert(
      fc.property(some, print, (chosen, Print) => {
        const options = chooseOptions(GROUPS, { ...chosen, ...(Print && { Print }) })
        assert.deepEqual(readCombination(GROUPS, combinationOf(GROUPS, options)), options)
      })
    )
    refused('option_required', undefined, () => readCombination(GROUPS, 'Round'))
    refused('option_required', undefined, () => readCombination(GROUPS, '|Back'))
    refused('unknown_option', undefined, () => readCombination(GROUPS, 'Round|Front'))
  })

  it('have names once, whatever their case', () => {
    checkGroups(GROUPS)
    refused('duplicate', ['groups', 2, 'name'], () => checkGroups([...GROUPS, { name: 'NECK', options: [] }]))
    const options = [{ name: 'Round' }, { name: 'round' }]
    refused('duplicate', ['groups', 0, 'options', 1, 'name'], () => checkGroups([{ name: 'Neck', options }]))
  })

  it('cost the price, their options and haste, a piece', () => {
    const chosen = chooseOptions(GROUPS, { Neck: 'Polo', Print: 'Back' })
    assert.equal(pieceOf(1000n, chosen, 300n), 1850n)
    assert.equal(pieceOf(1000n, [], 0n), 1000n)
  })
})
