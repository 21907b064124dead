import { defineReport } from './define.ts'

export const commission = defineReport('commission', {
  title: 'What salesmen sold, less what came back, and what they earned by it',
  of: 'commission-entries',
  query: {
    $group: ['salesman_id', 'salesman.code', 'salesman.name'],
    $count: true,
    $sum: ['net', 'commission'],
    $sort: { 'sum.commission': -1 }
  }
})
