import assert from 'node:assert/strict'
import fc from 'fast-check'
import { businessDate, startOfBusinessDay } from '../../src/domain/dates.ts'
import { refused } from './refused.ts'

describe('businessDate', () => {
  const table: [instant: string, timeZone: string, date: string][] = [
    ['2024-03-10T18:59:59.999Z', 'Asia/Karachi', '2024-03-10'],
    ['2024-03-10T19:00:00.000Z', 'Asia/Karachi', '2024-03-11'], // 00:00 to 05:00 there: the old system said the 10th
    ['2024-01-01T04:59:59Z', 'America/New_York', '2023-12-31'],
    ['2024-07-01T04:00:00Z', 'America/New_York', '2024-07-01'],
    ['2024-03-30T23:00:00Z', 'Europe/Berlin', '2024-03-31'],
    ['2018-11-04T02:59:59Z', 'America/Sao_Paulo', '2018-11-03'],
    ['2018-11-04T03:00:00Z', 'America/Sao_Paulo', '2018-11-04'],
    ['2024-02-29T12:00:00Z', 'UTC', '2024-02-29']
  ]
  for (const [instant, timeZone, date] of table) {
    it(`${instant} in ${timeZone} is ${date}`, () => {
      assert.equal(businessDate(new Date(instant), timeZone), date)
    })
  }

  it('refuses a zone that does not exist', () => {
    assert.throws(() => businessDate(new Date(0), 'Asia/Lahore'), refused('invalid_time_zone'))
    assert.throws(() => startOfBusinessDay('2024-01-01', ''), refused('invalid_time_zone'))
  })
})

describe('startOfBusinessDay', () => {
  const table: [date: string, timeZone: string, start: string, hours: number, why: string][] = [
    ['2024-03-11', 'Asia/Karachi', '2024-03-10T19:00:00.000Z', 24, 'no change of clock'],
    ['2024-03-10', 'America/New_York', '2024-03-10T05:00:00.000Z', 23, 'summer time begins'],
    ['2024-11-03', 'America/New_York', '2024-11-03T04:00:00.000Z', 25, 'summer time ends'],
    ['2024-03-31', 'Europe/Berlin', '2024-03-30T23:00:00.000Z', 23, 'summer time begins'],
    ['2024-10-27', 'Europe/Berlin', '2024-10-26T22:00:00.000Z', 25, 'summer time ends'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 23, 'begins at 01:00, midnight is skipped'],
    ['2018-02-17', 'America/Sao_Paulo', '2018-02-17T02:00:00.000Z', 25, 'its last hour happens twice'],
    ['2024-11-03', 'America/Havana', '2024-11-03T04:00:00.000Z', 25, 'its first hour happens twice'],
    ['1919-03-31', 'America/Toronto', '1919-03-31T04:30:00.000Z', 23.5, 'begins at 00:30, skipped from 23:30'],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', 0, 'a day that never was'],
    ['2024-06-01', 'Pacific/Kiritimati', '2024-05-31T10:00:00.000Z', 24, 'as far east as clocks go'],
    ['2024-06-01', 'Pacific/Pago_Pago', '2024-06-01T11:00:00.000Z', 24, 'and as far west']
  ]
  for (const [date, timeZone, start, hours, why] of table) {
    it(`${date} in ${timeZone} starts at ${start} and lasts ${hours} h: ${why}`, () => {
      const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10)
      const from = startOfBusinessDay(date, timeZone)
      assert.equal(from.toISOString(), start)
      assert.equal((startOfBusinessDay(next, timeZone).getTime() - from.getTime()) / 3_600_000, hours)
    })
  }

  for (const date of [
    '2023-02-29',
    '2024-02-30',
    '2024-13-01',
    '2024-1-1',
    '24-01-01',
    '2024-01-01T00:00',
    '',
    'today'
  ]) {
    it(`refuses ${JSON.stringify(date)}`, () => {
      assert.throws(() => startOfBusinessDay(date, 'UTC'), refused('invalid_date'))
    })
  }

  it('is the first millisecond of its date, in any zone on any day', () => {
    const zones = ['Asia/Karachi', 'America/New_York', 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe']
    const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2037-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(days, fc.constantFrom(...zones), (day, timeZone) => {
        const date = day.toISOString().slice(0, 10)
        const start = startOfBusinessDay(date, timeZone)
        assert.equal(businessDate(start, timeZone), date)
        assert.ok(businessDate(new Date(start.getTime() - 1), timeZone) < date)
      })
    )
  })
})
