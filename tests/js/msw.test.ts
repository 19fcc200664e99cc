// The emulator behind the real Mock Service Worker.
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { FlexibleIpEmulator } from '../../js/emulator.js'
import { ConfigurationError, FlexibleIpClient } from '../../js/index.js'
import { flexibleIpHandlers } from '../../js/msw.js'

const emulator = new FlexibleIpEmulator({ seed: 1, clock: 'manual' })
const server = setupServer()
server.listen({ onUnhandledRequest: 'error' })
afterAll(() => server.close())
beforeEach(() => {
  emulator.reset()
  server.resetHandlers(...flexibleIpHandlers(http, emulator))
})

// Neither client receives the emulator: both use the global fetch.
const newClient = () => new FlexibleIpClient({ secretKey: emulator.secretKey, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })

test('a client with the global fetch receives the responses of the emulator', async () => {
  const ip = await newClient().createFlexibleIP({ description: 'é😹', tags: ['a'] })
  expect(await newClient().updateFlexibleIP({ fipId: ip.id, tags: [] })).toMatchObject({ description: 'é😹', tags: [] })
  expect((await newClient().listFlexibleIPs({ tags: ['a', 'b'] })).totalCount).toBe(0)
  await newClient().deleteFlexibleIP({ fipId: ip.id })
  expect(emulator.journal.map(({ operation, status }) => `${operation} ${status}`)).toEqual(['createFlexibleIP 200', 'updateFlexibleIP 200', 'listFlexibleIPs 200', 'deleteFlexibleIP 204'])
})

test('so does the official SDK', async () => {
  // The SDK stores the global fetch when it is imported.
  const [{ createClient }, { Flexibleipv1alpha1 }] = await Promise.all([import('@scaleway/sdk-client'), import('@scaleway/sdk-flexibleip')])
  const sdk = createClient({ accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey: emulator.secretKey, defaultProjectId: emulator.projectId, defaultZone: 'fr-par-1' })
  const api = new Flexibleipv1alpha1.API(sdk)
  const { id } = await api.createFlexibleIP({ description: 'x', isIpv6: false })
  expect((await api.listFlexibleIPs({ pageSize: 1 }).all()).map((ip) => ip.id)).toEqual([id])
  await expect(api.getFlexibleIP({ fipId: '7c715b98-e683-493a-9e62-109d684e4348' })).rejects.toMatchObject({ status: 403 })
})

test('a response has the headers of the service', async () => {
  const { response } = await newClient().withResponse.listFlexibleIPs({})
  expect(response.headers.get('server')).toBe('Scaleway API Gateway (fr-par-2;edge03)')
  expect(response.requestId).toBe(emulator.journal[0]?.requestId)
})

test.each(['dropBefore', 'dropAfter'] as const)('%s breaks the connection', async (fault) => {
  emulator.addFault({ fault })
  await expect(fetch(url('/fips'))).rejects.toThrow(TypeError)
  expect(emulator.journal).toMatchObject([{ fault }])
})

test('a 429 without headers and body is delivered unchanged', async () => {
  emulator.addFault({ fault: 'rateLimit' })
  const response = await fetch(url('/fips'))
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([429, null, ''])
})

test('a body that breaks off does so for the client', async () => {
  emulator.addFault({ fault: { truncate: 5 } })
  const response = await fetch(url('/fips'), { headers: { 'X-Auth-Token': emulator.secretKey } })
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow()
})

test('a delayed request can be aborted', async () => {
  emulator.addFault({ fault: { delay: 60_000 } })
  const controller = new AbortController()
  const pending = fetch(url('/fips'), { signal: controller.signal })
  while (emulator.journal.length === 0) await new Promise(setImmediate)
  controller.abort(new RangeError('enough'))
  await expect(pending).rejects.toThrow('enough')
})

test('baseUrl may be a proxy with a path', async () => {
  server.resetHandlers(...flexibleIpHandlers(http, emulator, { baseUrl: 'http://localhost:8080/api/scaleway/' }))
  const client = new FlexibleIpClient({ baseUrl: 'http://localhost:8080/api/scaleway', secretKey: emulator.secretKey, defaultZone: 'fr-par-1' })
  expect(await client.listFlexibleIPs()).toEqual({ flexibleIps: [], totalCount: 0 })
  expect(emulator.journal[0]?.target).toBe('/flexible-ip/v1alpha1/zones/fr-par-1/fips')
})

test('the handlers serve servers and metadata too', async () => {
  const headers = { 'X-Auth-Token': emulator.secretKey }
  const servers = 'https://api.scaleway.com/baremetal/v1/zones/fr-par-1/servers'
  const { id } = (await (await fetch(servers, { method: 'POST', headers, body: '{"name":"web-1"}' })).json()) as { id: string }
  expect(emulator.servers).toEqual([{ id, name: 'web-1', zone: 'fr-par-1' }])
  expect((await fetch(`${servers}/${id}`, { headers })).status).toBe(200)
  expect((await fetch('https://api.scaleway.com/metadata')).status).toBe(200)
})

test('requests for other products of the host reach other handlers', async () => {
  server.use(http.get('https://api.scaleway.com/instance/*', () => HttpResponse.json({ other: true })))
  expect(await (await fetch('https://api.scaleway.com/instance/v1/zones/fr-par-1/servers')).json()).toEqual({ other: true })
  expect(emulator.journal).toEqual([])
})

test('a request that the API does not have is refused with 501, and marked in the journal', async () => {
  expect((await fetch(url('/unknown'))).status).toBe(501)
  expect(emulator.journal).toMatchObject([{ unmatched: true }])
})

function url(path: string): string {
  return `https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1${path}`
}

test.each([
  ['no emulator', [http, null], /second argument must be an emulator/],
  ['an object without fetch', [http, {}], /second argument must be an emulator/],
  ['no http', [undefined, emulator], /first argument must be the http/],
  ['options that are no object', [http, emulator, '/x'], /options must be an object/],
  ['a misspelt option', [http, emulator, { baseURL: '/x' }], /no option baseURL; there is baseUrl/],
  ['an empty baseUrl', [http, emulator, { baseUrl: '' }], /baseUrl must be/],
  ['a baseUrl without a slash', [http, emulator, { baseUrl: 'x' }], /baseUrl must be/],
  ['a baseUrl that is a number', [http, emulator, { baseUrl: 5 }], /baseUrl must be/],
  ['a baseUrl of another protocol', [http, emulator, { baseUrl: 'ftp://api.example' }], /baseUrl must be/],
  ['a baseUrl with a query', [http, emulator, { baseUrl: 'https://api.example/?a' }], /baseUrl must be/],
] as const)('the handlers refuse %s', (_, passed, message) => {
  const thrown = (() => {
    try {
      return Reflect.apply(flexibleIpHandlers, undefined, passed) as unknown
    } catch (error) {
      return error
    }
  })()
  expect(thrown).toBeInstanceOf(ConfigurationError)
  expect((thrown as Error).message).toMatch(message)
})

test.each(['/', '/scaleway', '/scaleway/', 'https://api.example', 'http://127.0.0.1:8080/a/b/', undefined])('the handlers take the baseUrl %s', (baseUrl) => {
  expect(flexibleIpHandlers(http, emulator, { ...(baseUrl !== undefined && { baseUrl }) }).length).toBeGreaterThan(0)
})
