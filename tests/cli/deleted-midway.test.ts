// A flexible IP that is deleted in the midst of a move: what the commands say of it, and of another that moves with it.
// The service is a stub: its transitions take two reads, and it deletes at the moment that a test names.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Io } from '../../js/cli/io.js'
import type { Fetch } from '../../js/index.js'
import { type Ended, flexip } from './support.js'

const zone = 'fr-par-1'
const env = { SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX', SCW_SECRET_KEY: '11111111-1111-4111-8111-111111111111', SCW_DEFAULT_ZONE: zone, HOME: '/nowhere' }
const projectId = '22222222-2222-4333-8444-555555555555'
const servers = ['web-1', 'web-2'].map((name, index) => ({ id: `99999999-9999-4999-8999-99999999999${index}`, name, zone, status: 'ready', project_id: projectId }))
const [web1 = '', web2 = ''] = servers.map(({ id }) => id)

interface Ip {
  id: string
  address: string
  serverId: string | null
  status: string
  /** The reads until the transition ends. */
  readsLeft: number
}

/** When the first flexible IP is deleted: as its request comes, after it was accepted, or with the first read after that. */
type Moment = 'before' | 'after' | 'read'

interface Plot {
  /** The request during which it is deleted. */
  request: 'detach' | 'attach'
  moment: Moment
  /** How the service refuses what is deleted: the real one says 403. */
  refusal: 403 | 404
}

/** A service with two flexible IPs, on the server or on none. */
async function serve({ request: fatal, moment, refusal }: Plot, serverId: string | null) {
  const make = (digit: string): Ip => ({ id: `aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa${digit}`, address: `192.0.2.${digit}`, serverId, status: serverId === null ? 'ready' : 'attached', readsLeft: 0 })
  const ips = [make('1'), make('2')]
  const changes: string[] = []
  let isDoomed = false
  /** While it holds, every attach is refused. */
  const conflict = { holds: false }
  const deleteFirst = () => void (ips[0]?.id.endsWith('1') && ips.shift())
  const shown = (ip: Ip) => {
    if (ip.readsLeft > 0 && (ip.readsLeft -= 1) === 0) {
      if (ip.status === 'detaching') ip.serverId = null
      ip.status = ip.serverId === null ? 'ready' : 'attached'
    }
    return bodyOf(ip)
  }
  const bodyOf = ({ id, address, status, serverId: server }: Ip) => ({ id, project_id: projectId, organization_id: projectId, description: '', tags: [], created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', status, ip_address: address, mac_address: null, server_id: server, reverse: '', zone })
  const refused = (id: string): [number, object] => (refusal === 404 ? [404, { type: 'not_found', resource: 'flexible_ips', resource_id: id, message: 'resource is not found' }] : [403, { type: 'permissions_denied', message: 'insufficient permissions', details: [] }])
  const change = (name: string, { fips_ids: ids = [], server_id: to }: { fips_ids?: string[]; server_id?: string }): [number, object] => {
    const isFatal = name === fatal && ids.some((id) => id.endsWith('1'))
    if (isFatal && moment === 'before') deleteFirst()
    const named = ids.map((id) => ips.find((ip) => ip.id === id))
    const missing = ids.find((_, index) => !named[index])
    if (missing !== undefined) return refused(missing)
    if (name === 'attach' && conflict.holds) return [409, { type: 'conflict', message: 'Tuple concurrently updated' }]
    changes.push(`${name} ${named.map((ip) => ip?.address).join(', ')}`)
    for (const ip of named) if (ip) Object.assign(ip, name === 'detach' ? { status: 'detaching', readsLeft: 2 } : { status: 'attaching', serverId: to, readsLeft: 2 })
    const body = { total_count: named.length, flexible_ips: named.flatMap((ip) => (ip ? [bodyOf(ip)] : [])) }
    if (isFatal && moment === 'after') deleteFirst()
    isDoomed ||= isFatal && moment === 'read'
    return [200, body]
  }
  const respond = (method: string, path: string, body: string): [number, object] => {
    const [, kind = '', inZone, list, id] = /^\/(flexible-ip|baremetal)\/\w+\/zones\/([^/]+)\/(fips|servers)(?:\/([^/]+))?$/.exec(path) ?? []
    if (method === 'POST') return change(id ?? '', JSON.parse(body) as object)
    if (inZone !== zone) return [200, { total_count: 0, [kind === 'baremetal' ? 'servers' : 'flexible_ips']: [] }]
    if (list === 'servers') {
      const server = servers.find((one) => one.id === id)
      return id === undefined ? [200, { total_count: servers.length, servers }] : server ? [200, server] : [404, { type: 'not_found', resource: 'servers', resource_id: id, message: 'resource is not found' }]
    }
    if (isDoomed) deleteFirst()
    if (id === undefined) return [200, { total_count: ips.length, flexible_ips: ips.map(shown) }]
    const ip = ips.find((one) => one.id === id)
    return ip ? [200, shown(ip)] : refused(id)
  }
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    let body = ''
    incoming.on('data', (part: Buffer) => (body += part.toString()))
    incoming.on('end', () => {
      const [status, object] = respond(incoming.method ?? '', new URL(incoming.url ?? '', 'http://stub').pathname, body)
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(object))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, changes, conflict, second: () => ips.find(({ id }) => id.endsWith('2')) }
}

/** Runs a command. Its clock goes by while no request is under way. */
async function runAgainst(url: string, args: string[], overrides: Partial<Io>): Promise<Ended> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  let underWay = 0
  const counting: Fetch = async (...request) => {
    underWay += 1
    try {
      const response = await fetch(...(request as Parameters<typeof fetch>))
      const text = await response.text()
      return new Response(text, { status: response.status, headers: response.headers })
    } finally {
      underWay -= 1
    }
  }
  let ended: Ended | undefined
  void flexip([...args, '--zone', zone], { env: { ...env, SCW_API_URL: url }, fetch: counting, now: () => performance.now(), ...overrides }).then((end) => (ended = end))
  while (ended === undefined) {
    for (let task = 0; task < 5; task += 1) await new Promise((resolve) => setImmediate(resolve))
    if (underWay === 0) await vi.advanceTimersByTimeAsync(200)
  }
  vi.useRealTimers()
  return ended
}

const moments: Moment[] = ['before', 'after', 'read']
const refusals = [403, 404] as const
const topology = (server: string | null) => `flexibleIps: [{ ip: 192.0.2.1, server: ${server} }, { ip: 192.0.2.2, server: ${server} }]`

const cases: [string, string[], 'detach' | 'attach', string | null, string | null, string?][] = [
  ['failover', ['failover', 'web-1', 'web-2'], 'detach', web1, web2],
  ['failover', ['failover', 'web-1', 'web-2'], 'attach', web1, web2],
  ['failover --direct', ['failover', '--direct', 'web-1', 'web-2'], 'attach', web1, web2],
  ['apply of a move', ['apply', '-', '--yes'], 'detach', web1, web2, topology('web-2')],
  ['apply of a move', ['apply', '-', '--yes'], 'attach', web1, web2, topology('web-2')],
  ['apply of a detach', ['apply', '-', '--yes'], 'detach', web1, null, topology(null)],
  ['attach', ['attach', 'web-2', '192.0.2.1', '192.0.2.2'], 'attach', null, web2],
  ['claim', ['claim', 'web-2', '192.0.2.1', '192.0.2.2'], 'detach', web1, web2],
  ['claim', ['claim', 'web-2', '192.0.2.1', '192.0.2.2'], 'attach', web1, web2],
  ['detach', ['detach', '192.0.2.1', '192.0.2.2', '--yes'], 'detach', web1, null],
]

describe('a flexible IP that is deleted midway is said to be gone, and the other one arrives:', () => {
  test.each(cases)('%s %j, at the %s', async (_, args, request, from, to, input) => {
    for (const moment of moments) {
      for (const refusal of refusals) {
        const { url, changes, second } = await serve({ request, moment, refusal }, from)
        const { code, err } = await runAgainst(url, args, { readInput: () => Promise.resolve(input ?? '') })
        const at = [moment, refusal]
        expect([...at, code, second()]).toEqual([...at, 6, expect.objectContaining({ serverId: to, status: to === null ? 'ready' : 'attached' })])
        // A change of one flexible IP that is refused with 403 proves nothing yet.
        const isOpen = moment === 'before' && refusal === 403 && to === null
        expect([...at, err]).toEqual([...at, expect.stringMatching(isOpen ? /^error: 192\.0\.2\.1: .*\nThe flexible IP may be deleted, or the API key lacks a permission\.$/m : /192\.0\.2\.1: it is gone, or its state is unknown/)])
        // The user named addresses.
        expect([...at, err]).toEqual([...at, expect.not.stringContaining('aaaaaaaa-')])
        // No command goes on with what is gone.
        expect([...at, err]).toEqual([...at, expect.not.stringContaining('To go on')])
        expect([...at, changes.filter((change) => change.endsWith(' 192.0.2.2'))]).toEqual([...at, [...new Set(changes)].filter((change) => change.endsWith(' 192.0.2.2'))])
      }
    }
  })

  test('claim whose time is up, and the command that goes on does not name it', async () => {
    const { url, second } = await serve({ request: 'detach', moment: 'after', refusal: 403 }, web1)
    const sleep: Io['sleep'] = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
    const { code, err } = await runAgainst(url, ['claim', 'web-2', '192.0.2.1', '192.0.2.2', '--while', 'true', '--timeout', '30s'], { sleep })
    expect([code, second()]).toEqual([5, expect.objectContaining({ serverId: web2, status: 'attached' })])
    expect(err).toMatch(/\nerror: 192\.0\.2\.1: it is gone, or its state is unknown\n[^]*\nTo go on: flexip claim .*web-2 192\.0\.2\.2\n$/)
  })

  test('claim, whose other one could not be attached when the first was deleted', async () => {
    for (const options of [[], ['--while', 'true']]) {
      const { url, second, conflict } = await serve({ request: 'detach', moment: 'after', refusal: 403 }, web1)
      conflict.holds = true
      let text = ''
      const err = (part: string) => {
        text += part
        if (part.startsWith('not done yet')) conflict.holds = false
      }
      // With a condition, that decides when it ends: the list may be wrong.
      const shell = () => Promise.resolve(text.split('it is gone, or its state is unknown; again').length > 2 ? 1 : 0)
      const { code } = await runAgainst(url, ['claim', 'web-2', '192.0.2.1', '192.0.2.2', ...options], { err, shell })
      expect([code, second()]).toEqual([options.length > 0 ? 10 : 6, expect.objectContaining({ serverId: web2, status: 'attached' })])
      expect(text).toContain('not done yet: ensureAttached: 0 of 2 flexible IPs are where they should be: 192.0.2.1 is not there: ')
      expect(text).toMatch(options.length > 0 ? /not done yet: 192\.0\.2\.1: it is gone, or its state is unknown; again in/ : /error: 192\.0\.2\.1: it is gone, or its state is unknown\n192\.0\.2\.2 is attached on .*: arrived\n$/)
    }
  })
})
