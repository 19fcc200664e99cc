// The counts of a change of many are of flexible IPs, also where MAC groups change as one.
import { beforeEach, expect, test } from 'vitest'
import { startService } from './service.js'
import { isNetworkNote, openConsole, rowCount } from './support.js'

const { emulator, client, proxy, serverId, hold, letGo, heldCount } = startService({ seed: 71 })
const one = serverId('one')
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 60_000

let group: string[]
beforeEach(async () => {
  emulator.reset()
  const ips = []
  for (const description of ['A', 'B', 'C']) ips.push(await client.createAndAttach({ serverId: one, description }))
  const [first, second] = ips.map(({ id }) => id)
  group = [first ?? '', second ?? '']
  await client.generateMACAddr({ fipId: group[0] ?? '', macType: 'kvm' })
  await client.duplicateMACAddr({ fipId: group[1] ?? '', duplicateFromFipId: group[0] ?? '' })
})

test('a MAC group that is not detached counts as its flexible IPs, as the selection does', { timeout: 120_000 }, async () => {
  const page = await open()
  await expect.poll(() => rowCount(page), { timeout }).toBe(3)
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('d')
  await page.getByRole('dialog').getByRole('button', { name: 'Detach 3\u00a0IPs' }).waitFor({ timeout })
  emulator.forceStatus(group[0] ?? '', 'locked')
  await page.getByRole('dialog').getByRole('button', { name: 'Detach 3\u00a0IPs' }).click()
  await page.getByRole('dialog').getByText('1 of 3 done. The 2 that did not succeed are still selected.').waitFor({ timeout })
  await page.getByRole('dialog').getByRole('button', { name: 'Try the 2 again' }).waitFor()
  await page.getByRole('region', { name: 'Selection' }).getByText('2\u00a0IPs selected').waitFor()
})

test('a change of many that ends while its results are closed is done, and not "0 not done"', { timeout: 120_000 }, async () => {
  const page = await open()
  await expect.poll(() => rowCount(page), { timeout }).toBe(3)
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('d')
  hold((method) => method === 'POST')
  await page.getByRole('dialog').getByRole('button', { name: 'Detach 3\u00a0IPs' }).click()
  await expect.poll(heldCount, { timeout }).toBe(2)
  await page.keyboard.press('Escape')
  letGo()
  await page.locator('button.work', { hasText: /^Detach 3\sIPs: done$/ }).waitFor({ timeout })
})
