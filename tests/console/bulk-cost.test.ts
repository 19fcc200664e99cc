// What work on very many flexible IPs costs.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Job, startBulk } from '../../js/console/data/bulk.js'
import { refresher } from '../../js/console/data/refresher.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the work on 2,000 changes grows with their number, not with its square', async () => {
  const count = 2000
  let reads = 0
  const jobs = Array.from({ length: count }, (_, place): Job => ({
    get ids() {
      reads += 1
      return [String(place)]
    },
    label: String(place),
    what: 'description',
    send: () => Promise.resolve(),
  }))
  const run = await startBulk('Describe', jobs, true)
  expect(run?.results.filter(({ state }) => state === 'done').length).toBe(count)
  expect(reads / count).toBeLessThan(20)
})

test('a zone that is being read is not read anew because of changes, and rests for three times the length of its reading', async () => {
  const readings: (() => void)[] = []
  const refresh = refresher(() => new Promise<void>((resolve) => readings.push(resolve)))
  const change = async (): Promise<void> => {
    refresh('fr-par-1')
    await vi.advanceTimersByTimeAsync(200)
  }
  for (let changes = 0; changes < 10; changes += 1) await change()
  expect(readings.length).toBe(1)
  readings[0]?.()
  await vi.advanceTimersByTimeAsync(0)
  // It took 10 changes of 200 ms, less the 150 ms before it began.
  for (let rests = 0; rests < 27; rests += 1) await change()
  expect(readings.length).toBe(1)
  await change()
  expect(readings.length).toBe(2)
})
