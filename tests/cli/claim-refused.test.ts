// A claim whose target refuses what was detached: each further detach is another outage.
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { testIo, world } from './support.js'

const unknown = '99999999-9999-4999-8999-999999999999'
const body = (type: string, target: string) => ({ type, message: 'no', details: [], resource: 'server', resource_id: target, precondition: 'p' })
const attachesTo = (init: Parameters<Fetch>[1]) => (JSON.parse(String(init.body)) as { server_id?: string }).server_id

/** Claims a flexible IP of web-1 for web-2, which refuses with this status and type, as often as asked. */
async function claimRefused(status: number, type: string, { times = Infinity, name = 'web-2', options = [] as string[] } = {}) {
  const { flexip, create, read, serverId } = await world()
  const [ip, free] = [await create('web-1'), await create()]
  const target = name === unknown ? unknown : serverId('web-2')
  const { now, sleep } = testIo()
  const detached: number[] = []
  let left = times
  const refusing: Fetch = (url, init) => {
    // The key may not read servers, so that the client learns of the target by the attach only.
    if (name === unknown && url.includes('/baremetal/')) return Promise.resolve(Response.json({ type: 'permissions_denied', message: 'no', details: [] }, { status: 403 }))
    if (url.endsWith('/detach')) detached.push(now())
    if (!url.endsWith('/attach') || attachesTo(init) !== target || left === 0) return fetch(url, init as RequestInit)
    left -= 1
    return Promise.resolve(Response.json(body(type, target), { status }))
  }
  const ended = await flexip(['claim', name, ip.ipAddress, '--zone', 'fr-par-1', ...options], { fetch: refusing, now, sleep })
  return { ...ended, detached, ip, free, server: (await read(ip)).serverId, source: serverId('web-1'), target, tookMs: now() }
}

describe('a claim whose target refuses what was detached', () => {
  test.each([
    [400, 'invalid_arguments', 3],
    [401, 'denied_authentication', 3],
    [403, 'quotas_exceeded', 3],
    [404, 'not_found', 8],
    [410, 'expired', 3],
  ])('with %i %s, which no repetition cures, detaches it once, and ends at once with its code', async (status, type, exitCode) => {
    const { code, err, detached, server, source } = await claimRefused(status, type)
    expect([code, detached.length, server, err.includes('not done yet')]).toEqual([exitCode, 1, source, false])
    expect(err).toContain(': attached back (')
    // No command goes on with a server that does not exist.
    expect(err.includes('To go on: ')).toBe(exitCode !== 8)
  })

  test.each([[412, 'precondition_failed'], [423, 'locked']])('with %i %s, which can pass, detaches it again after pauses that double', async (status, type) => {
    const { code, err, detached, server, source } = await claimRefused(status, type, { options: ['--timeout', '1h'] })
    const pauses = detached.slice(1).map((at, index) => at - (detached[index] ?? 0))
    expect([code, server, pauses.length > 2]).toEqual([5, source, true])
    for (const [index, pause] of pauses.entries()) expect([index, pause >= 30_000 * 2 ** index]).toEqual([index, true])
    expect(err).toMatch(/not done yet: the target has refused it, and nothing that went back is detached again for \d+ s: /)
    // The attempts in the pauses sent nothing, and say nothing of the steps of others.
    expect(err.match(/\bdetaching /g)).toHaveLength(detached.length)
  })

  test('with 412 twice has it in the end', async () => {
    const { code, detached, server, target } = await claimRefused(412, 'precondition_failed', { times: 2 })
    expect([code, detached.length, server]).toEqual([0, 3, target])
  })

  test.each([400, 404])('with %i and --while, detaches it again after growing pauses only, or not at all if there is no such server', async (status) => {
    const { code, err, detached, server, source } = await claimRefused(status, status === 404 ? 'not_found' : 'invalid_arguments', { options: ['--while', 'true', '--timeout', '1h'] })
    expect([code, server]).toEqual([5, source])
    expect(detached.length).toBeLessThan(status === 404 ? 2 : 8)
    expect(err.includes('To go on: ')).toBe(status !== 404)
  })

  test.each([[[], 8], [['--while', 'true', '--timeout', '1h'], 5]])('by an id that no server has, which the key may not ask for, detaches it once: with %j it ends with %i', async (options, exitCode) => {
    const { code, err, detached, server, source } = await claimRefused(404, 'not_found', { name: unknown, options })
    expect([code, detached.length, server, err.includes('To go on: ')]).toEqual([exitCode, 1, source, false])
  })

  test('brings what is on no server meanwhile, without another detach', async () => {
    const { flexip, create, client, read, serverId } = await world()
    const ip = await create('web-1')
    let refusals = 0
    let detaches = 0
    const refusing: Fetch = (url, init) => {
      if (url.endsWith('/detach')) detaches += 1
      if (!url.endsWith('/attach') || attachesTo(init) !== serverId('web-2') || (refusals += 1) > 1) return fetch(url, init as RequestInit)
      return Promise.resolve(Response.json(body('precondition_failed', ''), { status: 412 }))
    }
    const { now, sleep } = testIo()
    const leaving: typeof sleep = async (ms, signal) => {
      // Others take it off its server.
      if (refusals === 1 && (await read(ip)).status === 'attached') await client.detachFlexibleIP({ zone: ip.zone, fipsIds: [ip.id] })
      return sleep(ms, signal)
    }
    expect((await flexip(['claim', 'web-2', ip.ipAddress], { fetch: refusing, now, sleep: leaving })).code).toBe(0)
    expect([detaches, (await read(ip)).serverId, now() < 30_000]).toEqual([1, serverId('web-2'), true])
  })
})

test('a failover to an id that no server has, which the key may not ask for, names no command that goes on with it', async () => {
  const { flexip, create, serverId } = await world()
  await create('web-1')
  const denied: Fetch = (url, init) => (url.includes(`/servers/${unknown}`) ? Promise.resolve(Response.json({ type: 'permissions_denied', message: 'no', details: [] }, { status: 403 })) : url.endsWith('/attach') && attachesTo(init) === unknown ? Promise.resolve(Response.json(body('not_found', unknown), { status: 404 })) : fetch(url, init as RequestInit))
  const { code, err } = await flexip(['failover', serverId('web-1'), unknown], { fetch: denied })
  expect([code, err.includes(': attached back ('), err.includes('To go on: ')]).toEqual([6, true, false])
})
