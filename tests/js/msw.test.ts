// The emulator behind the real Mock Service Worker.
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { FlexibleIpEmulator } from '../../js/emulator.js'
import { FlexibleIpClient } from '../../js/index.js'
import { flexibleIpHandlers } from '../../js/msw.js'

const emulator = new FlexibleIpEmulator({ seed: 1, clock: 'manual' })
const server = setupServer()
server.listen({ onUnhandledRequest: 'error' })
afterAll(() => server.close())
beforeEach(() => {
  emulator.reset()
  server.resetHandlers(...flexibleIpHandlers(http, emulator))
})

// Neither is told of the emulator: both use the global fetch.
const ours = () => new FlexibleIpClient({ secretKey: emulator.secretKey, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })

test('a client that knows nothing of the emulator is answered by it', async () => {
  const ip = await ours().createFlexibleIP({ description: 'é😹', tags: ['a'] })
  expect(await ours().updateFlexibleIP({ fipId: ip.id, tags: [] })).toMatchObject({ description: 'é😹', tags: [] })
  expect((await ours().listFlexibleIPs({ tags: ['a', 'b'] })).totalCount).toBe(0)
  await ours().deleteFlexibleIP({ fipId: ip.id })
  expect(emulator.journal.map(({ operation, status }) => `${operation} ${status}`)).toEqual(['createFlexibleIP 200', 'updateFlexibleIP 200', 'listFlexibleIPs 200', 'deleteFlexibleIP 204'])
})

test('so is the official SDK', async () => {
  // It keeps the fetch that it finds when it is imported.
  const [{ createClient }, { Flexibleipv1alpha1 }] = await Promise.all([import('@scaleway/sdk-client'), import('@scaleway/sdk-flexibleip')])
  const sdk = createClient({ accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey: emulator.secretKey, defaultProjectId: emulator.projectId, defaultZone: 'fr-par-1' })
  const api = new Flexibleipv1alpha1.API(sdk)
  const { id } = await api.createFlexibleIP({ description: 'x', isIpv6: false })
  expect((await api.listFlexibleIPs({ pageSize: 1 }).all()).map((ip) => ip.id)).toEqual([id])
  await expect(api.getFlexibleIP({ fipId: '7c715b98-e683-493a-9e62-109d684e4348' })).rejects.toMatchObject({ status: 403 })
})

test('the answer has the headers of the service', async () => {
  const { response } = await ours().withResponse.listFlexibleIPs({})
  expect(response.headers.get('server')).toBe('Scaleway API Gateway (fr-par-2;edge03)')
  expect(response.requestId).toBe(emulator.journal[0]?.requestId)
})

test.each(['dropBefore', 'dropAfter'] as const)('%s breaks the connection', async (fault) => {
  emulator.addFault({ fault })
  await expect(fetch(url('/fips'))).rejects.toThrow(TypeError)
  expect(emulator.journal).toMatchObject([{ fault }])
})

test('a bare 429 stays bare', async () => {
  emulator.addFault({ fault: 'rateLimit' })
  const answer = await fetch(url('/fips'))
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([429, null, ''])
})

test('an answer that breaks off does so for the client', async () => {
  emulator.addFault({ fault: { truncate: 5 } })
  const answer = await fetch(url('/fips'), { headers: { 'X-Auth-Token': emulator.secretKey } })
  expect(answer.status).toBe(200)
  await expect(answer.text()).rejects.toThrow()
})

test('a delayed answer can be given up', async () => {
  emulator.addFault({ fault: { delay: 60_000 } })
  const giveUp = new AbortController()
  const answer = fetch(url('/fips'), { signal: giveUp.signal })
  while (emulator.journal.length === 0) await new Promise(setImmediate)
  giveUp.abort(new RangeError('enough'))
  await expect(answer).rejects.toThrow('enough')
})

test('a proxy’s address with a path can stand for the service', async () => {
  server.resetHandlers(...flexibleIpHandlers(http, emulator, { baseUrl: 'http://localhost:8080/api/scaleway/' }))
  const client = new FlexibleIpClient({ baseUrl: 'http://localhost:8080/api/scaleway', secretKey: emulator.secretKey, defaultZone: 'fr-par-1' })
  expect(await client.listFlexibleIPs()).toEqual({ flexibleIps: [], totalCount: 0 })
  expect(emulator.journal[0]?.target).toBe('/flexible-ip/v1alpha1/zones/fr-par-1/fips')
})

test('servers and the platform’s data are there, too', async () => {
  const headers = { 'X-Auth-Token': emulator.secretKey }
  const servers = 'https://api.scaleway.com/baremetal/v1/zones/fr-par-1/servers'
  const { id } = (await (await fetch(servers, { method: 'POST', headers, body: '{"name":"web-1"}' })).json()) as { id: string }
  expect(emulator.servers).toEqual([{ id, name: 'web-1', zone: 'fr-par-1' }])
  expect((await fetch(`${servers}/${id}`, { headers })).status).toBe(200)
  expect((await fetch('https://api.scaleway.com/metadata')).status).toBe(200)
})

test('the other products of the host are left to other handlers', async () => {
  server.use(http.get('https://api.scaleway.com/instance/*', () => HttpResponse.json({ other: true })))
  expect(await (await fetch('https://api.scaleway.com/instance/v1/zones/fr-par-1/servers')).json()).toEqual({ other: true })
  expect(emulator.journal).toEqual([])
})

test('what the API does not have is refused, and marked', async () => {
  expect((await fetch(url('/unknown'))).status).toBe(501)
  expect(emulator.journal).toMatchObject([{ unmatched: true }])
})

function url(rest: string): string {
  return `https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1${rest}`
}
