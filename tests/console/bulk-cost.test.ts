// What work on very many flexible IPs costs.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Job, startBulk } from '../../js/console/data/bulk.js'

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
