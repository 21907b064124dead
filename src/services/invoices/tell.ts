import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { type Engine, ResourceService } from '../resource.ts'

/** Tells readers of an invoice that something else changed it: a payment, a refund. To be called after the commit. */
export async function tellInvoice(engine: Engine, publisher: Publisher, id: string): Promise<void> {
  if (!publisher.listening) return
  const invoices = resourceNamed('invoices')
  await new ResourceService(invoices, engine).get(id).then(
    (record) => publisher.publish(invoices, 'patched', record),
    () => {} // what was written stands; who missed the event reads the invoice
  )
}
