import type { Change } from './changes.ts'

const CONTEXT = 3

type Line = { sign: ' ' | '-' | '+'; text: string }

/** The lines of both texts in one order, by their longest common subsequence. What both begin and end with is cut first. */
function compare(a: string[], b: string[]): Line[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  const common = Array.from({ length: x.length + 1 }, () => new Uint32Array(y.length + 1))
  for (let i = x.length - 1; i >= 0; i--)
    for (let j = y.length - 1; j >= 0; j--)
      common[i]![j] = x[i] === y[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
  const lines: Line[] = a.slice(0, start).map((text) => ({ sign: ' ', text }))
  let [i, j] = [0, 0]
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) {
      lines.push({ sign: ' ', text: x[i++]! })
      j++
    } else if (j === y.length || (i < x.length && common[i + 1]![j]! >= common[i]![j + 1]!))
      lines.push({ sign: '-', text: x[i++]! })
    else lines.push({ sign: '+', text: y[j++]! })
  }
  return [...lines, ...a.slice(a.length - end).map((text): Line => ({ sign: ' ', text }))]
}

const linesOf = (text: string) => text.replace(/\n$/, '').split('\n')

/** A change as `diff -u` shows it. */
export function unified({ path, before, after }: Change): string {
  const lines =
    before === null
      ? linesOf(after).map((text): Line => ({ sign: '+', text }))
      : compare(linesOf(before), linesOf(after))
  const shown = new Set<number>()
  lines.forEach(({ sign }, at) => {
    if (sign !== ' ') for (let near = at - CONTEXT; near <= at + CONTEXT; near++) shown.add(near)
  })
  const text = [`--- ${before === null ? '/dev/null' : `a/${path}`}`, `+++ b/${path}`]
  let [old, now] = [1, 1]
  for (let at = 0; at < lines.length; ) {
    if (!shown.has(at)) {
      old++
      now++
      at++
      continue
    }
    let to = at
    while (to < lines.length && shown.has(to)) to++
    const hunk = lines.slice(at, to)
    const [minus, plus] = ['+', '-'].map((sign) => hunk.filter((line) => line.sign !== sign).length) as [number, number]
    text.push(`@@ -${minus ? old : 0},${minus} +${now},${plus} @@`, ...hunk.map((line) => line.sign + line.text))
    old += minus
    now += plus
    at = to
  }
  return `${text.join('\n')}\n`
}
