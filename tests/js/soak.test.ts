// Hours of work in manual time: npm run test:full works for longer.
import { expect, test } from 'vitest'
import { emulatorWithMemory, slackBytes, soak } from '../soak/soak.mjs'

test('memory stays flat while IPs come and go, and every kind of write and list is asked for', async () => {
  const { requests, statuses, early, late } = await soak({ seconds: 600, ...(await emulatorWithMemory()) })
  expect(requests).toBe(6000)
  expect(statuses[200]).toBeGreaterThan(requests / 3)
  expect(late.journal).toBe(200)
  expect(late.bytes).toBeLessThanOrEqual(early.bytes + slackBytes)
})
