import { startOfBusinessDay } from '../../domain/dates.ts'
import type { Random } from './random.ts'

const DAY = 24 * 60 * 60 * 1000
const MINUTE = 60 * 1000

/** Sunday to Saturday: how busy a day is against the average. */
const WEEKDAYS = [1.2, 0.75, 0.8, 0.85, 0.95, 1.05, 1.4]
/** From 10 in the morning to 9 in the evening: how the sales of a day spread over its hours. */
const HOURS = [2, 3, 4, 4, 3, 3, 5, 8, 9, 8, 6, 3]
const OPENS = 10

/** The date `days` after `date`. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)

/** 0 is Sunday. */
export const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay()

/** Half past four in the afternoon is 16.5 by the clock of a branch. */
export const instantAt = (date: string, { zone }: { zone: string }, hour: number): number =>
  startOfBusinessDay(date, zone).getTime() + Math.floor(hour * 60 * MINUTE)

/** When the sales of a day are made, in order; `average` is the number on an average day. */
export function salesOf(date: string, place: { zone: string }, average: number, random: Random): number[] {
  const count = Math.round(average * WEEKDAYS[weekday(date)]! * (0.85 + 0.3 * random.next()))
  const times = Array.from({ length: count }, () =>
    instantAt(date, place, OPENS + random.weighted(HOURS) + random.next())
  )
  return times.sort((a, b) => a - b)
}

/** Some time of a day at which customers come. */
export const visit = (date: string, place: { zone: string }, random: Random): number =>
  instantAt(date, place, 11 + 9 * random.next())
