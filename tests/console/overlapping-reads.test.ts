// Two readings at once of a flexible IP whose change is in doubt.
import { expect, test } from 'vitest'
import { openLostDetach, startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

let isChanged = false
let release = (): void => {}
/** After a change lists wait, and single flexible IPs are refused until then. */
let held: Promise<void> | undefined = new Promise((resolve) => (release = resolve))
const service = startService({
  seed: 150,
  names: ['one', 'two'],
  async before(url, { method }) {
    if (method !== 'GET') {
      isChanged = true
      return new Response('', { status: 502 })
    }
    if (!held || !isChanged || !url.includes('/fips')) return undefined
    if (url.includes('/fips/')) return new Response('', { status: 400 })
    await held
    return undefined
  },
})
const { open } = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 40_000

test('of two readings at once, the one that ended last says whether reading failed', { timeout: 120_000 }, async () => {
  const { id } = await service.client.createAndAttach({ serverId: service.serverId('one'), description: 'Mail' })
  const page = await open(`?sel=${id}&dialog=detach`)
  const dialog = await openLostDetach(page, timeout)
  await dialog.getByText(/failed: 400/).waitFor({ timeout })
  held = undefined
  release()
  await dialog.getByText(/^It is on one\. The detach was sent/).waitFor({ timeout })
  expect(await dialog.getByText('failed:').count()).toBe(0)
})
