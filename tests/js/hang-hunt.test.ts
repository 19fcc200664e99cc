// Random calls with hostile arguments, signals and answers: each settles within its total timeout, and memory does not grow.
// `npm run test:full -- hang-hunt` does it a million times.
import { expect, test } from 'vitest'
import { hunt } from '../hang-hunt/run.mjs'

test('the promise of every call settles in time, and memory does not grow', async () => {
  const { outcomes, grown } = await hunt(10_000, 1)
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['a result', 'TimeoutError', 'WaitError', 'AmbiguousResultError', 'IncompleteError']))
  expect(grown.heap + grown.wasm).toBeLessThan(5_000_000)
})
