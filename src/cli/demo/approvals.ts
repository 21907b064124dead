import type { Minor } from '../../domain/money.ts'
import type { Row } from '../../services/projection.ts'
import { wire } from './amounts.ts'
import type { Shop, Till, World } from './world.ts'

/** A colleague comes to the till and types a PIN: other prices are the manager's to allow, the rest is the shop's. */
export async function approval(
  { hands, managerName, pin }: World,
  { keeperName }: Shop,
  { worker }: Till,
  document_id: string,
  { action, amount }: { action: 'discount' | 'override' | 'refund'; amount: Minor },
  at: Date
): Promise<Row> {
  const username = action === 'override' ? managerName : keeperName
  const asked = { username, pin, action, document_id, amount: wire(amount) }
  return { approval: (await hands.make('approvals', asked, at, worker)).id }
}
