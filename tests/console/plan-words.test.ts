// What a plan says beside its button, and of its requests.
import { beforeEach, expect, test } from 'vitest'
import { startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

const service = startService({ seed: 91, names: ['one', 'two'] })
const lonely = startService({ seed: 92, names: ['alone'] })
let isLonely = false
const { open } = openConsole({ proxy: { path: '/api', handle: (request, response) => (isLonely ? lonely : service).proxy.handle(request, response) }, ignores: isNetworkNote })
const timeout = 30_000

beforeEach(() => {
  for (const { emulator } of [service, lonely]) emulator.reset()
})

test('a plan in a zone without another server has its reason beside the button that cannot be pressed', async () => {
  isLonely = true
  const { id } = await lonely.client.createAndAttach({ serverId: lonely.serverId('alone') })
  for (const query of [`?dialog=move&sel=${id}`, `?dialog=failover:${lonely.serverId('alone')}`]) {
    const page = await open(query)
    const act = page.getByRole('dialog').getByRole('button', { name: /^Move 1\sIP$/ })
    await expect.poll(() => act.evaluate((button) => document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent), { timeout }).toBe('fr-par-1 has no other server, and this IP works in fr-par-1 only.')
    expect(await act.isDisabled()).toBe(true)
    await page.getByRole('dialog').locator('footer').getByText('fr-par-1 has no other server').waitFor()
  }
})

test('a plan says as many requests as its ledger has steps', async () => {
  isLonely = false
  const ids: string[] = []
  for (const name of ['one', 'two']) ids.push((await service.client.createAndAttach({ serverId: service.serverId(name) })).id)
  const page = await open(`?dialog=move:${service.serverId('two')}&sel=${ids.join('&sel=')}`)
  const dialog = page.getByRole('dialog')
  await expect.poll(() => dialog.getByRole('button', { name: /^Move 2\sIPs to two$/ }).isEnabled(), { timeout }).toBe(true)
  const steps = dialog.locator('.ledger td .state .dot')
  expect(await steps.count()).toBe(2)
  await dialog.getByText(/^2\srequests\. /).waitFor()
})
