// Random calls with hostile arguments, signals and answers: each settles within its total timeout, and memory does not grow.
// `npm run test:full -- hang-hunt` does it a million times.
import { expect, test } from 'vitest'
import { hunt } from '../hang-hunt/run.mjs'

test('the promise of every call settles in time, and memory does not grow', async () => {
  const { outcomes, grown } = await hunt(10_000, 1)
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['a result', 'TimeoutError', 'WaitError', 'AmbiguousResultError', 'IncompleteError']))
  // After 1,000 calls, the code of the patterns that find secrets is not all compiled yet: it takes up to 8 MB.
  expect(grown.heap + grown.wasm).toBeLessThan(12_000_000)
})
