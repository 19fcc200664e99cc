// The emulator's behaviours as data, through its `fetch` in Node. Rust runs the same files.
import { FlexibleIpEmulator } from 'flexip/emulator'
import { describe, expect, test } from 'vitest'
import { behaviours } from './support/behaviour-files.js'
import { show } from './support/behaviours.js'

describe.each(behaviours)('%s', (_, all) => {
  test.each(all.map((behaviour) => [behaviour.name, behaviour] as const))('%s', async (_, behaviour) => {
    await show(FlexibleIpEmulator, behaviour)
  })
})

test('a claim that does not hold is found, and named by its step', async () => {
  const claim = { name: 'wrong', steps: [{ send: 'GET /fips', status: 200, expect: { total_count: 1 } }] }
  await expect(show(FlexibleIpEmulator, claim)).rejects.toThrow(/^step 1, .*: total_count is 0, not 1$/)
})
