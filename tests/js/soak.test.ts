// Ten minutes of requests, by a manual clock. npm run test:full runs an hour.
import { expect, test } from 'vitest'
import { emulatorWithMemory, slackBytes, soak } from '../soak/soak.mjs'

test('memory stays flat while flexible IPs are created, changed, listed and deleted', async () => {
  const { requests, statuses, early, late } = await soak({ seconds: 600, ...(await emulatorWithMemory()) })
  expect(requests).toBe(6000)
  expect(statuses[200]).toBeGreaterThan(requests / 3)
  expect(late.journal).toBe(200)
  expect(late.bytes).toBeLessThanOrEqual(early.bytes + slackBytes)
})
