// Random calls with hostile arguments, signals and answers: each settles within its total time, and nothing is kept.
// `npm run test:long -- hang-hunt` makes a million calls.
import { expect, test } from 'vitest'
import { hunt } from '../hang-hunt/run.mjs'

test('whatever a call is given, its promise settles in time, and memory stays', async () => {
  const { outcomes, grown } = await hunt(10_000, 1)
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['a result', 'TimeoutError', 'WaitError', 'AmbiguousResultError', 'IncompleteError']))
  expect(grown.heap + grown.wasm).toBeLessThan(5_000_000)
})
