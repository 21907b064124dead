import { defineReport } from './define.ts'

export const salesByDay = defineReport('sales-by-day', {
  title: 'What was sold, per day',
  of: 'invoices',
  query: {
    $group: ['business_date'],
    $count: true,
    $sum: ['total'],
    status: { $nin: ['draft', 'cancelled'] },
    $sort: { business_date: -1 }
  }
})
