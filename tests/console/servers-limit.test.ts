// The time limit of reading servers.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Connection, zones } from '../../js/console/data/connection.js'
import { readServers } from '../../js/console/data/servers.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Answers with a status, if there is one. Without it, the request ends when its signal is aborted. */
function connection(status?: number): Connection {
  return {
    scope: 'test',
    baseUrl: '',
    failing: [],
    isEmulated: true,
    fetch: (_, { signal }) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
        if (status !== undefined) resolve({ status, headers: new Headers(), text: () => Promise.resolve('{"servers":[],"total_count":0}') })
      }),
  }
}

test('servers that are not read in 30 seconds are given up, by a timer of the page, which no engine collects', async () => {
  let outcome = ''
  void readServers(connection(), zones[0], new AbortController().signal).catch((error: Error) => (outcome = error.name))
  await vi.advanceTimersByTimeAsync(29_999)
  expect(outcome).toBe('')
  await vi.advanceTimersByTimeAsync(1)
  expect(outcome).toBe('TimeoutError')
})

test('servers that were read leave no timer', async () => {
  expect(await readServers(connection(200), zones[0], new AbortController().signal)).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
