// A change whose answer was lost while nothing can be read: no place of before is said as one of now.
import { expect, test } from 'vitest'
import { openLostDetach, readAgain, startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

let isBlind = false
let isChanged = false
const service = startService({
  seed: 149,
  names: ['one', 'two'],
  async before(url, { method }) {
    // The library sends a detach again once it could read that nothing was done: that does not blind again.
    if (method !== 'GET' && !isChanged) isChanged = isBlind = true
    if (method === 'GET' && (!isBlind || !url.includes('/fips'))) return undefined
    return new Response('', { status: method === 'GET' ? 500 : 502 })
  },
})
const { open } = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 40_000

test('a doubt that nothing was read of since does not say where it is, and a reading that fails says so', { timeout: 120_000 }, async () => {
  const { id } = await service.client.createAndAttach({ serverId: service.serverId('one'), description: 'Shop' })
  const page = await open(`?sel=${id}&dialog=detach`)
  const dialog = await openLostDetach(page, timeout)
  await dialog.getByText(/^Where it is now is unknown: nothing was read since the request, which was sent \d+\ss ago\.$/).waitFor({ timeout })
  expect(await dialog.getByText('It is on one').count()).toBe(0)
  await dialog.getByRole('button', { name: 'Read again' }).click()
  await dialog.getByText(/^not yet since then; the try of \d\d:\d\d:\d\d failed: 500/).waitFor({ timeout })
  isBlind = false
  await readAgain(page)
  await dialog.getByText(/^It is on one\. The detach was sent/).waitFor({ timeout })
  expect(await dialog.getByText('failed: 500').count()).toBe(0)
})
