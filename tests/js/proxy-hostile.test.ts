// Hostile requests to a proxy: each is refused with its status, and nothing of it reaches the service.
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { toNodeHandler } from 'flexip/proxy'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { type Asked, ask, fips, origin, otherProject, servers, thirdProject, world } from './support/proxy.js'

afterEach(() => void vi.useRealTimers())

type World = Awaited<ReturnType<typeof world>>
type Ids = World['ids']

/** How many hostile requests were made. */
let count = 0

/** Sends a request, and expects its status, the shape of a refusal, no key, and only these reads at the service. */
async function refused({ proxy, forwarded, events, emulator }: World, request: Request, status: number, reads: string[] = []): Promise<void> {
  count++
  const response = await proxy(request)
  const text = await response.text()
  expect([response.status, text]).toEqual([status, expect.stringMatching(/^\{.*"message":"/)])
  expect(text + JSON.stringify([...response.headers])).not.toContain(emulator.secretKey)
  expect(forwarded()).toEqual(reads)
  expect(events).toMatchObject([{ outcome: 'refused', status }])
}

/** Runs one case in a new world. */
async function refuses(status: number, method: string, path: string | ((ids: Ids) => string), asked: Asked | ((ids: Ids) => Asked) = {}, options: Parameters<typeof world>[0] = {}, reads: (ids: Ids) => string[] = () => []): Promise<void> {
  const here = await world(options)
  const target = typeof path === 'string' ? path : path(here.ids)
  await refused(here, ask(method, target, typeof asked === 'function' ? asked(here.ids) : asked), status, reads(here.ids))
}

const someId = '00000000-0000-4000-8000-000000000009'
const zonesPath = '/api/scaleway/flexible-ip/v1alpha1/zones'

describe('tricks with paths', () => {
  test.each([
    // Other products, other versions, the proxy's own neighbours.
    '/',
    '/api',
    '/api/scaleway',
    '/api/scaleway/',
    '/api/scaleway/metadata',
    '/api/scaleway/iam/v1alpha1/api-keys',
    '/api/scaleway/instance/v1/zones/fr-par-1/servers',
    '/api/scaleway/flexible-ip/v1/zones/fr-par-1/fips',
    '/api/scaleway/flexible-ip/v1alpha1/regions/fr-par/fips',
    '/api/scaleway/baremetal/v1/zones/fr-par-1/offers',
    '/api/scaleway/baremetal/v1/zones/fr-par-1/servers/x/start',
    '/flexible-ip/v1alpha1/zones/fr-par-1/fips',
    '/api/scalewayflexible-ip/v1alpha1/zones/fr-par-1/fips',
    '/api/scaleway2/flexible-ip/v1alpha1/zones/fr-par-1/fips',
    '/API/SCALEWAY/flexible-ip/v1alpha1/zones/fr-par-1/fips',
    // Spellings that another server could read as a path of the API.
    `${zonesPath}/fr-par-1/FIPS`,
    `${zonesPath}/fr-par-1/fips/`,
    `${zonesPath}/fr-par-1/fips//`,
    `${zonesPath}//fr-par-1/fips`,
    `${zonesPath}/fr-par-1/fips;a=b`,
    `${zonesPath}/fr-par-1/fips%2f`,
    `${zonesPath}/fr-par-1%2ffips`,
    `${zonesPath}/fr-par-1/fips%00`,
    `${zonesPath}/fr-par-1/fips%20`,
    `${zonesPath}/fr-par-1/%66ips`,
    `${zonesPath}/fr-par-1/fips.json`,
    `${zonesPath}/../../../iam/v1alpha1/api-keys`,
    `${zonesPath}/%2e%2e/%2E%2e/iam/v1alpha1/api-keys`,
    `${zonesPath}\\..\\..\\..\\iam\\v1alpha1\\api-keys`,
    `${zonesPath}/fr-par-1/fips/${someId}/mac/copy`,
    `${zonesPath}/fr-par-1/fips/${someId}/mac/`,
    `${zonesPath}/fr-par-1/fips/${someId}/mac%2fmove`,
    `${zonesPath}/fr-par-1/fips/${someId}/..%2f..%2f..`,
    '/api/scaleway//flexible-ip/v1alpha1/zones/fr-par-1/fips',
    '/api/scaleway/http://evil.example/flexible-ip/v1alpha1/zones/fr-par-1/fips',
    '/api/scaleway/@evil.example/fips',
    '/api/scaleway/__proto__/constructor',
  ])('GET %s is a 404', (path) => refuses(404, 'GET', path))

  test.each([
    '..%2f..%2fiam',
    '%2e%2e%2f',
    '*',
    'all',
    '-1',
    'fips',
    'undefined',
    '__proto__',
    '00000000000040008000000000000009',
    '{00000000-0000-4000-8000-000000000009}',
    `${someId}%00`,
    `${someId}%0d%0aX-Auth-Token:%20a`,
    `${someId}%3f`,
    `${someId}%23`,
    `${someId},${someId}`,
    `0${someId}`,
    someId.replace('9', 'g'),
    encodeURIComponent('00000000-0000-4000-8000-00000000000９'),
  ])('GET of the id %s is a 400', (id) => refuses(400, 'GET', `${fips}/${id}`))

  test.each(['fr-par-1%2f..', 'mars-1', 'FR-PAR-1', 'fr-par', 'fr-par-1%00', 'fr-par-001', '..%2f..', '*', 'fr-par-1,fr-par-2', 'fr_par_1', '%66r-par-1'])('a zone written %s is a 400', (zone) => refuses(400, 'GET', `${zonesPath}/${zone}/fips`))

  test.each(['nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3', 'fr-par-3', 'us-nyc-1'])('the zone %s, which no grant names, is a 404', async (zone) => {
    await refuses(404, 'GET', `${zonesPath}/${zone}/fips`)
    await refuses(404, 'POST', `${zonesPath}/${zone}/fips`, { body: {} })
    await refuses(404, 'DELETE', ({ own }) => `${zonesPath}/${zone}/fips/${own}`)
    await refuses(404, 'GET', `/api/scaleway/baremetal/v1/zones/${zone}/servers`)
  })

  test('a URL of 10,000 characters is a 414', () => refuses(414, 'GET', `${fips}?tags=${'a'.repeat(10_000)}`))
})

describe('methods', () => {
  test.each([
    ['PUT', fips],
    ['HEAD', fips],
    ['DELETE', fips],
    ['PATCH', fips],
    ['PURGE', fips],
    ['PROPFIND', fips],
    ['PUT', `${fips}/${someId}`],
    ['POST', `${fips}/${someId}`],
    ['HEAD', `${fips}/${someId}`],
    ['PATCH', `${fips}/${someId}/mac`],
    ['DELETE', `${fips}/${someId}/mac/duplicate`],
    ['GET', `${fips}/${someId}/mac`],
    ['GET', `${fips}/${someId}/mac/move`],
    // Elastic Metal servers are never changed.
    ['POST', servers],
    ['PUT', servers],
    ['PATCH', `${servers}/${someId}`],
    ['DELETE', `${servers}/${someId}`],
    ['POST', `${servers}/${someId}`],
  ])('%s %s is a 405', (method, path) => refuses(405, method, path))

  test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])('%s is a 400', async (name) => {
    await refuses(400, 'GET', ({ own }) => `${fips}/${own}`, { headers: { [name]: 'DELETE' } })
    await refuses(400, 'POST', fips, { body: {}, headers: { [name]: 'PATCH' } })
  })
})

describe('origins', () => {
  const wrong = [
    'null',
    '',
    '*',
    'http://console.example',
    'https://console.example/',
    'https://console.example:8443',
    'https://console.example.evil.example',
    'https://evil-console.example',
    'https://CONSOLE.EXAMPLE',
    'https://xn--cnsole-jua.example',
    'https://console.example, https://evil.example',
    'https://evil.example https://console.example',
    'console.example',
    'file://',
    'chrome-extension://abcdef',
  ]
  test.each(wrong)('a write from the origin "%s" is a 403', (value) => refuses(403, 'POST', fips, { body: {}, headers: { Origin: value } }))
  test.each(wrong)('a read from the origin "%s" is a 403', (value) => refuses(403, 'GET', fips, { headers: { Origin: value, 'Sec-Fetch-Site': undefined } }))

  test.each([
    ['POST', undefined],
    ['POST', 'same-origin'],
    ['POST', 'same-site'],
    ['POST', 'cross-site'],
    ['POST', 'none'],
    ['GET', undefined],
    ['GET', 'same-site'],
    ['GET', 'cross-site'],
    ['GET', 'none'],
    ['GET', 'Same-Origin'],
    ['GET', ''],
    ['GET', 'same-origin, cross-site'],
  ])('a %s without an origin from Sec-Fetch-Site %s is a 403', (method, site) =>
    refuses(403, method, fips, { headers: { Origin: undefined, 'Sec-Fetch-Site': site }, ...(method === 'POST' && { body: {} }) }),
  )

  test.each(['none', '', 'nowhere', 'same-origin, cross-site'])('a named origin with Sec-Fetch-Site "%s" is a 403', (site) => refuses(403, 'POST', fips, { body: {}, headers: { 'Sec-Fetch-Site': site } }))

  test.each(['PATCH', 'DELETE'])('a %s of another page is a 403', (method) =>
    refuses(403, method, ({ own }) => `${fips}/${own}`, { headers: { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }, ...(method === 'PATCH' && { body: {} }) }),
  )
})

describe('callers', () => {
  test.each([undefined, '', 'user=', 'user=ann; user=bob', 'USER=ann', 'session=1'])('the cookie %s is a 401', (cookie) => refuses(401, 'GET', fips, { headers: { Cookie: cookie } }))

  test.each(['X-Auth-Token', 'X-Session-Token'])('a credential of the caller’s in %s is a 400', (name) => refuses(400, 'GET', fips, { headers: { [name]: someId } }))
})

describe('content types', () => {
  const types = [
    undefined,
    '',
    'text/plain',
    'text/plain;charset=UTF-8',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/octet-stream',
    'application/json5',
    'application/jsonp',
    'application/x-json',
    'application/vnd.api+json',
    'application/json, text/plain',
    'text/plain, application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; boundary=a',
    'application/json;application/x-www-form-urlencoded',
    '*/*',
  ]
  test.each(types)('a create with the content type "%s" is a 415', (type) => refuses(415, 'POST', fips, { body: '{}', headers: { 'Content-Type': type } }))
  test.each(['text/plain', 'application/x-www-form-urlencoded'])('a deletion with the content type %s is a 415', (type) => refuses(415, 'DELETE', ({ own }) => `${fips}/${own}`, { headers: { 'Content-Type': type } }))
  test.each(['gzip', 'br', 'identity, gzip', 'deflate'])('a body with the encoding %s is a 415', (encoding) => refuses(415, 'POST', fips, { body: '{}', headers: { 'Content-Encoding': encoding } }))
})

describe('bodies', () => {
  test.each([
    '',
    ' ',
    '{',
    '}',
    '[]',
    '"a"',
    'null',
    'true',
    '1',
    '{}{}',
    '{"tags":["a"],}',
    "{'tags':[]}",
    'tags=a',
    '{"description":"a\nb"}',
    'undefined',
    ')]}\',\n{}',
    '{"description":NaN}',
  ])('%j is a 400', (body) => refuses(400, 'POST', fips, { body, headers: { 'Content-Type': 'application/json' } }))

  test.each([
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0x61, 0xff, 0x22, 0x7d])],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
    ['an overlong zero', new Uint8Array([0x7b, 0xc0, 0x80, 0x7d])],
  ])('bytes that are %s are a 400', (_, body) => refuses(400, 'POST', fips, { body, headers: { 'Content-Type': 'application/json' } }))

  const tooLarge = JSON.stringify({ description: 'a'.repeat(70_000) })
  test('a body over the limit is a 413', () => refuses(413, 'POST', fips, { body: tooLarge }))
  test('a body over the caller’s own limit is a 413', () => refuses(413, 'POST', fips, { body: { description: 'a'.repeat(200) } }, { limits: ({ id }) => ({ bodyBytes: id === 'ann' ? 100 : 1000 }) }))
  test('a body without an end is a 413', () =>
    refuses(413, 'POST', fips, {
      body: new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(32)),
      }),
    }))

  test('a body that never comes is a 408', async () => {
    vi.useFakeTimers()
    const done = refuses(408, 'POST', fips, { body: new ReadableStream({ start: () => undefined }) })
    await vi.advanceTimersByTimeAsync(10_000)
    await done
  })

  test('a body that comes a byte at a time is a 408', async () => {
    vi.useFakeTimers()
    const drip = new ReadableStream({
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, 100))
        controller.enqueue(new Uint8Array([32]))
      },
    })
    const done = refuses(408, 'POST', fips, { body: drip }, { limits: { bodyMs: 2000 } })
    await vi.advanceTimersByTimeAsync(2000)
    await done
  })

  test('a body that breaks off is a 400', () =>
    refuses(400, 'POST', fips, {
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{'))
          controller.error(new Error('reset'))
        },
      }),
    }))

  test.each(['0', '1', '3', '1000', '2, 2', '-2', '2e0', '0x2', ' ', '99999999999999999999'])('a length of %s for two bytes is a 400', (length) => refuses(400, 'POST', fips, { body: '{}', headers: { 'Content-Type': 'application/json', 'Content-Length': length } }))
  test.each(['chunked', 'gzip, chunked', 'identity'])('a length and the transfer coding %s are a 400', (coding) => refuses(400, 'POST', fips, { body: '{}', headers: { 'Content-Type': 'application/json', 'Content-Length': '2', 'Transfer-Encoding': coding } }))
  test('another transfer coding than chunked is a 400', () => refuses(400, 'POST', fips, { body: '{}', headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked, identity' } }))
  test('an upgrade is a 400', () => refuses(400, 'GET', fips, { headers: { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings' } }))
  test('a deletion with a body is a 400', () => refuses(400, 'DELETE', ({ own }) => `${fips}/${own}`, { body: {} }))
  test('a deletion of a virtual MAC address with a body is a 400', () => refuses(400, 'DELETE', ({ own }) => `${fips}/${own}/mac`, ({ foreign }) => ({ body: { fip_id: foreign } })))
})

describe('fields', () => {
  test.each<[string, unknown]>([
    ['an unknown field', { name: 'a' }],
    ['the Organization', { organization_id: someId }],
    ['a status', { status: 'ready' }],
    ['an id', { id: someId }],
    ['camel case', { projectId: someId }],
    ['a Project that is a list', { project_id: [someId] }],
    ['a Project that is an object', { project_id: { $ne: null } }],
    ['a Project that is a number', { project_id: 1 }],
    ['a Project that is no UUID', { project_id: 'default' }],
    ['a Project with a line break', { project_id: `${someId}\r\nX-Auth-Token: a` }],
    ['an empty Project', { project_id: '' }],
    ['a server that is no UUID', { server_id: '../../iam' }],
    ['a server that is a list', { server_id: [someId] }],
    ['tags that are a text', { tags: 'a' }],
    ['tags that are numbers', { tags: [1] }],
    ['tags with a null', { tags: [null] }],
    ['tags without an end', { tags: Array.from({ length: 101 }, () => 'a') }],
    ['a long description', { description: 'a'.repeat(2049) }],
    ['a description that is an object', { description: { toString: 'a' } }],
    ['a text for a switch', { is_ipv6: 'true' }],
    ['a reverse that is a list', { reverse: ['a.example'] }],
    ['a constructor', { constructor: { prototype: {} } }],
    ['a toString', { toString: 'a' }],
  ])('a create with %s is a 400', (_, body) => refuses(400, 'POST', fips, { body }))

  test('a create with __proto__ is a 400', () => refuses(400, 'POST', fips, { body: '{"__proto__":{"project_id":"x"}}', headers: { 'Content-Type': 'application/json' } }))

  test.each<[string, (ids: Ids) => unknown]>([
    ['no flexible IP', () => ({ fips_ids: [], server_id: someId })],
    ['a text for a list', ({ own }) => ({ fips_ids: own, server_id: someId })],
    ['a list in the list', ({ own }) => ({ fips_ids: [[own]], server_id: someId })],
    ['what is not an id', ({ own }) => ({ fips_ids: [own, '../x'], server_id: someId })],
    ['65 flexible IPs', ({ own }) => ({ fips_ids: Array.from({ length: 65 }, () => own), server_id: someId })],
    ['no server', ({ own }) => ({ fips_ids: [own] })],
    ['a null for the server', ({ own }) => ({ fips_ids: [own], server_id: null })],
    ['a null for the flexible IPs', ({ server }) => ({ fips_ids: null, server_id: server })],
    ['a Project', ({ own, server, project }) => ({ fips_ids: [own], server_id: server, project_id: project })],
  ])('an attach with %s is a 400', (_, body) => refuses(400, 'POST', `${fips}/attach`, (ids) => ({ body: body(ids) })))

  test.each<[string, string, (ids: Ids) => unknown]>([
    ['PATCH', '', ({ project }) => ({ project_id: project })],
    ['PATCH', '', ({ server }) => ({ server_id: server })],
    ['POST', '/mac', () => ({})],
    ['POST', '/mac', () => ({ mac_type: 1 })],
    ['POST', '/mac/duplicate', () => ({})],
    ['POST', '/mac/duplicate', () => ({ duplicate_from_fip_id: 'x' })],
    ['POST', '/mac/move', () => ({})],
    ['POST', '/mac/move', () => ({ dst_fip_id: null })],
    ['POST', '/mac/move', ({ second }) => ({ dst_fip_id: [second] })],
  ])('%s …%s with a wrong field is a 400', (method, tail, body) => refuses(400, method, ({ own }) => `${fips}/${own}${tail}`, (ids) => ({ body: body(ids) })))
})

describe('queries', () => {
  test.each([
    'organization_id=00000000-0000-4000-8000-000000000009',
    'project_id=',
    'project_id=*',
    'project_id=default',
    'project_id[]=00000000-0000-4000-8000-000000000009',
    'PROJECT_ID=00000000-0000-4000-8000-000000000009',
    'projectId=00000000-0000-4000-8000-000000000009',
    'project_id=00000000-0000-4000-8000-000000000009%00',
    'project_id=00000000-0000-4000-8000-000000000009,00000000-0000-4000-8000-000000000008',
    'page=-1',
    'page=1.5',
    'page=1&page=2',
    'page=%31%3bproject_id=a',
    'page_size=99999999999',
    'page_size=all',
    'order_by=created_at_asc%26project_id%3da',
    'order_by=a%0d%0ab',
    'status=ready%20or%201=1',
    'server_ids=x',
    'per_page=100',
    'all',
    '__proto__=1',
    'constructor=1',
    'token=a',
    'tags=a;project_id=b&x',
  ])('a list with ?%s is a 400', (query) => refuses(400, 'GET', `${fips}?${query}`))

  test('a list that names two Projects is a 400', async () => {
    await refuses(400, 'GET', ({ project }) => `${fips}?project_id=${project}&project_id=${otherProject}`)
    await refuses(400, 'GET', ({ project }) => `${fips}?project_id=${otherProject}&project_id=${project}`)
  })

  test.each<[string, string, (ids: Ids) => string]>([
    ['GET', '', ({ own }) => `/${own}?project_id=${otherProject}`],
    ['DELETE', '', ({ own }) => `/${own}?force=true`],
    ['POST', '', () => `?project_id=${otherProject}`],
    ['POST', '', () => '/attach?server_id=x'],
  ])('%s%s with a query is a 400', (method, _, path) => refuses(400, method, (ids) => fips + path(ids), method === 'POST' ? { body: {} } : {}))

  test.each(['organization_id=a', 'option_id=a', 'page=a'])('a list of servers with ?%s is a 400', (query) => refuses(400, 'GET', `${servers}?${query}`))
})

describe('other Projects', () => {
  test.each([otherProject, otherProject.toUpperCase(), thirdProject, '00000000-0000-0000-0000-000000000000'])('a create or a list in %s is a 403', async (project) => {
    await refuses(403, 'POST', fips, { body: { project_id: project } })
    await refuses(403, 'GET', `${fips}?project_id=${project}`)
    await refuses(403, 'GET', `${servers}?project_id=${project}`)
  })

  test('of two Projects in one body, the last one counts', async () => {
    await refuses(403, 'POST', fips, ({ project }) => ({ body: `{"project_id":"${project}","project_id":"${otherProject}"}`, headers: { 'Content-Type': 'application/json' } }))
    await refuses(403, 'POST', fips, ({ project }) => ({ body: `{"project_id":"${project}","\\u0070roject_id":"${otherProject}"}`, headers: { 'Content-Type': 'application/json' } }))
  })

  const read = (id: string) => `GET /flexible-ip/v1alpha1/zones/fr-par-1/fips/${id}`

  test.each<[string, string, (ids: Ids) => unknown]>([
    ['GET', '', () => undefined],
    ['PATCH', '', () => ({ description: 'mine' })],
    ['DELETE', '', () => undefined],
    ['POST', '/mac', () => ({ mac_type: 'kvm' })],
    ['DELETE', '/mac', () => undefined],
  ])('%s of another Project’s flexible IP%s is a 403', async (method, tail, body) => {
    const asked = (ids: Ids) => ({ body: body(ids) })
    await refuses(403, method, ({ foreign }) => `${fips}/${foreign}${tail}`, asked, {}, ({ foreign }) => [read(foreign)])
    await refuses(403, method, ({ foreign }) => `${fips}/${foreign.toUpperCase()}${tail}`, asked, {}, ({ foreign }) => [read(foreign)])
  })

  test.each<[string, (ids: Ids) => string, (ids: Ids) => unknown, (ids: Ids) => string[]]>([
    ['duplicate from', ({ own }) => `/${own}/mac/duplicate`, ({ foreign }) => ({ duplicate_from_fip_id: foreign }), ({ own, foreign }) => [own, foreign]],
    ['duplicate to', ({ foreign }) => `/${foreign}/mac/duplicate`, ({ own }) => ({ duplicate_from_fip_id: own }), ({ own, foreign }) => [foreign, own]],
    ['move from', ({ foreign }) => `/${foreign}/mac/move`, ({ own }) => ({ dst_fip_id: own }), ({ own, foreign }) => [foreign, own]],
    ['move to', ({ own }) => `/${own}/mac/move`, ({ foreign }) => ({ dst_fip_id: foreign }), ({ own, foreign }) => [own, foreign]],
    ['detach', () => '/detach', ({ foreign }) => ({ fips_ids: [foreign] }), ({ foreign }) => [foreign]],
    ['detach the caller’s with', () => '/detach', ({ own, foreign }) => ({ fips_ids: [own, foreign] }), ({ own, foreign }) => [own, foreign]],
    ['detach in capitals', () => '/detach', ({ own, foreign }) => ({ fips_ids: [own, foreign.toUpperCase()] }), ({ own, foreign }) => [own, foreign]],
  ])('%s another Project’s flexible IP is a 403', (_, path, body, reads) => refuses(403, 'POST', (ids) => fips + path(ids), (ids) => ({ body: body(ids) }), {}, (ids) => reads(ids).map(read)))

  const readServer = (id: string) => `GET /baremetal/v1/zones/fr-par-1/servers/${id}`

  test.each([0, 1, 5])('attach of another Project’s flexible IP after %i of the caller’s is a 403', async (number) => {
    const here = await world()
    const own = await Promise.all(Array.from({ length: number }, () => here.create(here.ids.project)))
    here.emulator.clearJournal()
    const all = [...own, here.ids.foreign]
    const request = ask('POST', `${fips}/attach`, { body: { fips_ids: all, server_id: here.ids.server } })
    await refused(here, request, 403, [...all.map(read), readServer(here.ids.server)])
  })

  // The emulator's servers are of the first Project.
  const grant = { projects: [otherProject] }
  test('attach to another Project’s server is a 403', () =>
    refuses(403, 'POST', `${fips}/attach`, ({ foreign, server }) => ({ body: { fips_ids: [foreign], server_id: server } }), { grant }, ({ foreign, server }) => [read(foreign), readServer(server)]))
  test('create on another Project’s server is a 403', () => refuses(403, 'POST', fips, ({ server }) => ({ body: { server_id: server } }), { grant }, ({ server }) => [readServer(server)]))
  test('another Project’s server is a 403', () => refuses(403, 'GET', ({ server }) => `${servers}/${server}`, {}, { grant }, ({ server }) => [readServer(server)]))
})

describe('callers beyond their policy', () => {
  const writes: [string, (ids: Ids) => string, (ids: Ids) => unknown][] = [
    ['createFlexibleIP', () => '', () => ({})],
    ['attachFlexibleIP', () => '/attach', ({ own, server }) => ({ fips_ids: [own], server_id: server })],
    ['detachFlexibleIP', () => '/detach', ({ own }) => ({ fips_ids: [own] })],
    ['generateMACAddr', ({ own }) => `/${own}/mac`, () => ({ mac_type: 'kvm' })],
    ['duplicateMACAddr', ({ own }) => `/${own}/mac/duplicate`, ({ second }) => ({ duplicate_from_fip_id: second })],
    ['moveMACAddr', ({ own }) => `/${own}/mac/move`, ({ second }) => ({ dst_fip_id: second })],
    ['updateFlexibleIP', ({ own }) => `/${own}`, () => ({ tags: [] })],
    ['deleteFlexibleIP', ({ own }) => `/${own}`, () => undefined],
    ['deleteMACAddr', ({ own }) => `/${own}/mac`, () => undefined],
  ]
  const methodOf = (name: string) => (name.startsWith('delete') ? 'DELETE' : name.startsWith('update') ? 'PATCH' : 'POST')
  const allBut = (name: string) => ['listFlexibleIPs', 'getFlexibleIP', ...writes.map(([name]) => name)].filter((other) => other !== name) as never[]

  test.each(writes)('%s is a 403 where the policy only reads', async (name, path, body) => {
    const asked = (ids: Ids) => ({ body: body(ids) })
    const grants = ({ project }: Ids) => [{ projects: [project] }]
    const { ids } = await world()
    await refuses(403, methodOf(name), (ids) => fips + path(ids), asked, { policy: { readOnly: true, grants: grants(ids) } })
    await refuses(403, methodOf(name), (ids) => fips + path(ids), asked, { policy: async () => ({ readOnly: true, grants: grants(ids) }) })
    await refuses(403, methodOf(name), (ids) => fips + path(ids), asked, { grant: { operations: allBut(name) } })
  })

  test.each<['listFlexibleIPs' | 'getFlexibleIP', (ids: Ids) => string]>([
    ['listFlexibleIPs', () => ''],
    ['getFlexibleIP', ({ own }) => `/${own}`],
  ])('%s is a 403 where the grant does not have it', (name, path) => refuses(403, 'GET', (ids) => fips + path(ids), {}, { grant: { operations: allBut(name) } }))

  test('servers are a 403 where the grant does not have them', async () => {
    await refuses(403, 'GET', servers, {}, { grant: { servers: false } })
    await refuses(403, 'GET', ({ server }) => `${servers}/${server}`, {}, { grant: { servers: false } })
  })

  test('nothing is allowed without a grant', async () => {
    await refuses(404, 'GET', fips, {}, { policy: { grants: [] } })
    await refuses(403, 'GET', fips, {}, { grant: { projects: [] } })
    await refuses(403, 'POST', fips, { body: {} }, { grant: { operations: [] } })
  })

  test('more requests than the limit are a 429', async () => {
    const here = await world({ limits: { requestsPerMinute: 1 } })
    await here.proxy(ask('DELETE', `${fips}?x`))
    await here.proxy(ask('GET', `${fips}?x=1`))
    here.events.length = 0
    await refused(here, ask('GET', fips), 429)
  })
})

describe('bytes on a connection to Node', () => {
  const sockets: (() => void)[] = []
  afterAll(() => sockets.forEach((close) => close()))

  /** Sends bytes to a proxy on a port, and returns all that comes back until the connection ends. */
  async function exchange(here: World, bytes: string): Promise<string> {
    const server = createServer((request, response) => void toNodeHandler(here.proxy)(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    sockets.push(() => server.close())
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.end(bytes.replaceAll('\n', '\r\n').replaceAll('␊', '\n'))
    let text = ''
    for await (const part of socket) text += String(part)
    server.closeAllConnections()
    return text
  }

  const head = `Host: console.example\nOrigin: ${origin}\nCookie: user=ann\nContent-Type: application/json\n`
  const smuggled = `DELETE ${fips}/${someId} HTTP/1.1\n${head}\n`

  test.each<[string, string, number]>([
    ['a length and chunks', `POST ${fips} HTTP/1.1\n${head}Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n${smuggled}`, 400],
    ['chunks and a length', `POST ${fips} HTTP/1.1\n${head}Transfer-Encoding: chunked\nContent-Length: 4\n\n0\n\n${smuggled}`, 400],
    ['two lengths', `POST ${fips} HTTP/1.1\n${head}Content-Length: 2\nContent-Length: 50\n\n{}${smuggled}`, 400],
    ['a length that is no number', `POST ${fips} HTTP/1.1\n${head}Content-Length: 2x\n\n{}`, 400],
    ['a negative length', `POST ${fips} HTTP/1.1\n${head}Content-Length: -2\n\n{}`, 400],
    ['a space before the colon', `POST ${fips} HTTP/1.1\n${head}Content-Length : 2\n\n{}`, 400],
    ['a folded header', `POST ${fips} HTTP/1.1\n${head}Transfer-Encoding:\n chunked\n\n0\n\n`, 400],
    ['another transfer coding', `POST ${fips} HTTP/1.1\n${head}Transfer-Encoding: xchunked\n\n0\n\n${smuggled}`, 400],
    ['a chunk whose size is no number', `POST ${fips} HTTP/1.1\n${head}Transfer-Encoding: chunked\n\nxyz\n{}\n0\n\n`, 400],
    ['a line feed alone in a header', `GET ${fips} HTTP/1.1\n${head}X-A: a␊X-Auth-Token: b\n\n`, 400],
    ['a zero byte in a header', `GET ${fips} HTTP/1.1\n${head}X-A: a\0b\n\n`, 400],
    ['a GET with a body', `GET ${fips} HTTP/1.1\n${head}Content-Length: ${smuggled.length}\n\n${smuggled}`, 400],
    ['the whole URL of another host as the target', `GET http://evil.example${fips} HTTP/1.1\n${head}\n`, 400],
    ['a target without a slash', `GET *${fips} HTTP/1.1\n${head}\n`, 400],
    ['a target of two slashes', `GET //evil.example${fips} HTTP/1.1\n${head}\n`, 404],
    ['a target that leaves a folder', `GET /public/..${fips} HTTP/1.1\n${head}\n`, 400],
    ['a target that leaves a folder in percent signs', `GET /public/%2e%2e${fips} HTTP/1.1\n${head}\n`, 400],
    ['a target with backslashes', `GET /public\\..${fips} HTTP/1.1\n${head}\n`, 400],
    ['a target with a fragment', `GET ${fips}#/../x HTTP/1.1\n${head}\n`, 400],
    ['a target with a space', `GET ${fips} x HTTP/1.1\n${head}\n`, 400],
    ['two origins', `GET ${fips} HTTP/1.1\n${head}Origin: https://evil.example\n\n`, 403],
    ['two content types', `POST ${fips} HTTP/1.1\n${head}Content-Type: text/plain\nContent-Length: 2\n\n{}`, 415],
    ['two cookies', `GET ${fips} HTTP/1.1\n${head}Cookie: user=bob\n\n`, 401],
    ['a method that Node does not know', `STEAL ${fips} HTTP/1.1\n${head}\n`, 400],
    ['TRACE', `TRACE ${fips} HTTP/1.1\n${head}\n`, 400],
    ['a body shorter than its length', `POST ${fips} HTTP/1.1\n${head}Content-Length: 20\n\n{}`, 400],
  ])('%s: refused', async (_, bytes, status) => {
    count++
    const here = await world()
    const text = await exchange(here, bytes)
    expect(text.match(/^HTTP\/1\.1 (\d+)/)?.[1]).toBe(String(status))
    expect(text).not.toContain(here.emulator.secretKey)
    expect(here.forwarded()).toEqual([])
  })

  const meant = { zone: 'fr-par-1', fipIds: [someId] }

  test.each<[string, string, object]>([
    ['a target that leaves a folder', `DELETE /public/..${fips}/${someId}?a=b HTTP/1.1`, { ...meant, operation: 'deleteFlexibleIP', method: 'DELETE', path: `/public/..${fips}/${someId}` }],
    ['a target that leaves a folder in percent signs', `DELETE /public/%2e%2e${fips}/${someId} HTTP/1.1`, { ...meant, operation: 'deleteFlexibleIP', path: `/public/%2e%2e${fips}/${someId}` }],
    ['the whole URL of another host as the target', `GET http://evil.example${fips}/${someId} HTTP/1.1`, { ...meant, operation: 'getFlexibleIP', path: `http://evil.example${fips}/${someId}` }],
    ['a whole URL with a password', `GET http://ann:secret@evil.example${fips}/${someId} HTTP/1.1`, { ...meant, path: `http://evil.example${fips}/${someId}` }],
    ['a target with backslashes', `DELETE /public\\..${fips}/${someId} HTTP/1.1`, { ...meant, operation: 'deleteFlexibleIP' }],
    ['a target with a fragment', `DELETE ${fips}/${someId}#x HTTP/1.1`, { ...meant, operation: 'deleteFlexibleIP', path: `${fips}/${someId}` }],
    ['TRACE', `TRACE ${fips}/${someId} HTTP/1.1`, { ...meant, method: 'TRACE' }],
    ['a GET with a body', `GET ${fips} HTTP/1.1\nContent-Length: 2`, { zone: 'fr-par-1', fipIds: [], operation: 'listFlexibleIPs' }],
    ['a target that is no URL', 'GET http://a:99999/ HTTP/1.1', { fipIds: [] }],
  ])('%s: in the audit, once', async (_, line, event) => {
    count++
    const here = await world()
    expect(await exchange(here, `${line}\n${head}\n`)).toMatch(/^HTTP\/1\.1 400/)
    expect(here.events).toMatchObject([{ ...event, outcome: 'refused', status: 400, reason: 'the request cannot be read' }])
    expect(here.events[0]).not.toHaveProperty('caller')
  })

  test('a request in the unread rest of a body is not one', async () => {
    count++
    const here = await world()
    const rest = `${' '.repeat(70_000)}${smuggled}`
    const text = await exchange(here, `POST ${fips} HTTP/1.1\n${head}Content-Length: ${rest.length}\n\n${rest}`)
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413'])
    expect(here.forwarded()).toEqual([])
  })
})

test('these were more than 300 hostile requests', () => {
  expect(count).toBeGreaterThan(300)
})
