import type { Queryable } from '../../database/connection.ts'
import type { Row } from '../projection.ts'

export interface Transfer extends Row {
  id: string
  number: string
  from_branch_id: string
  to_branch_id: string
  status: 'sent' | 'received'
}

export interface TransferItem {
  id: string
  line_no: number
  product_id: string
  quantity: string
  unit_cost: string
  batch: string | null
  expiry: string | null
  location: string | null
}

/** Locks a transfer, so that two arrivals of it come one after the other. */
export const lockTransfer = async (db: Queryable, id: unknown): Promise<Transfer | undefined> =>
  (await db.query<Transfer>('select * from stock_transfers where id = $1 for update', [id]))[0]

export const transferItems = (db: Queryable, id: string): Promise<TransferItem[]> =>
  db.query<TransferItem>(
    `select id, line_no, product_id, quantity, unit_cost, batch, expiry, location from stock_transfer_items
     where transfer_id = $1 order by line_no`,
    [id]
  )
