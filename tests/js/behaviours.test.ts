// The behaviours of tests/behaviours/, through the emulator's `fetch` in Node. Rust runs the same files.
import { FlexibleIpEmulator } from 'flexip/emulator'
import { describe, expect, test } from 'vitest'
import { behaviours } from './support/behaviour-files.js'
import { checkBehaviour } from './support/behaviours.js'

describe.each(behaviours)('%s', (_, all) => {
  test.each(all.map((behaviour) => [behaviour.name, behaviour] as const))('%s', async (_, behaviour) => {
    await checkBehaviour(FlexibleIpEmulator, behaviour)
  })
})

test('a wrong expectation fails, and the message names its step', async () => {
  const behaviour = { name: 'wrong', steps: [{ send: 'GET /fips', status: 200, expect: { total_count: 1 } }] }
  await expect(checkBehaviour(FlexibleIpEmulator, behaviour)).rejects.toThrow(/^step 1, .*: total_count is 0, not 1$/)
})
