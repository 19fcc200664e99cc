// Random calls with hostile arguments, signals and responses: each settles within its total timeout, and no memory is
// lost. `npm run test:full -- hang-hunt` makes a million calls.
import { expect, test } from 'vitest'
import { hunt } from '../hang-hunt/run.mjs'

test('10,000 calls with hostile arguments settle in time, and memory does not grow', async () => {
  const { outcomes, grown } = await hunt(10_000, 1)
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['a result', 'TimeoutError', 'WaitError', 'AmbiguousResultError', 'IncompleteError']))
  expect(grown.heap + grown.wasm).toBeLessThan(5_000_000)
})
