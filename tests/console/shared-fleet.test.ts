// The worker with the emulated fleet, which all tabs of a browser share.
import { expect, test } from 'vitest'
import { openConsole, rowCount } from './support.js'

const shared = openConsole()

test('delays, failures and requests that other tabs send during a reset wait until the fleet is whole', async () => {
  const page = await shared.open()
  const { failures, seen } = (await shared.keeper.evaluate(`(async () => {
    const { secretKey } = await order({ kind: 'facts' })
    const list = () => order({ kind: 'fetch', url: 'https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips?page_size=1', method: 'GET', headers: { 'X-Auth-Token': secretKey } })
    const turns = () => new Promise((resolve) => setTimeout(resolve))
    const work = []
    for (let round = 0; round < 5; round += 1) {
      work.push(order({ kind: 'reset' }))
      work.push(order({ kind: 'set', behaviour: { speed: 'recorded', faults: 'throttled' } }))
      await turns()
      work.push(order({ kind: 'set', behaviour: { faults: 'lostResponse' } }), list())
    }
    const ended = await Promise.allSettled(work)
    const { body } = await list()
    return { failures: ended.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message), seen: JSON.parse(body).total_count }
  })()`)) as { failures: string[]; seen: number }
  expect(failures).toEqual([])
  expect(seen).toBe(32)
  await page.reload()
  await expect.poll(() => rowCount(page)).toBe(60)
})
