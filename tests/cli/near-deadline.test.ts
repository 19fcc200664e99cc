// What a claim says when its time is up: the last refusal, what is where, and the command that goes on. The clock is fake.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { processIo } from '../../js/cli/io.js'
import { Session } from '../../js/cli/session.js'
import type { Fetch } from '../../js/index.js'
import { type Ended, testIo, world } from './support.js'

const answer = (status: number, body: object): Response => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const conflict = () => answer(409, { type: 'conflict', message: 'Tuple concurrently updated' })
const broken = () => answer(500, { type: 'internal_error', message: 'boom' })
const hung = (init: Parameters<Fetch>[1]) => new Promise<Response>((_, reject) => init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))))

type Respond = (url: string, init: Parameters<Fetch>[1], sentAt: number) => Promise<Response> | Response | undefined

/** Runs a claim of a flexible IP on web-1, while a clock goes by in steps of 5 ms, as soon as no response is under way. */
const claimWith = (timeout: string, respond: Respond, ...options: string[]) => claimOf({ timeout }, respond, ...options)

/** The same, with another one that is on no server if `hasFree` says so. */
async function claimOf({ timeout, hasFree = false }: { timeout: string; hasFree?: boolean }, respond: Respond, ...options: string[]) {
  const { flexip, create, emulator, serverId, read } = await world()
  const ip = await create('web-1')
  const free = hasFree ? await create() : undefined
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { now, sleep } = processIo()
  const start = now()
  const sent: number[] = []
  const fetch: Fetch = async (url, init) => {
    sent.push(now() - start)
    return (await respond(url, init, now() - start)) ?? emulator.fetch(url.replace(/^http:\/\/[^/]+/, 'https://api.scaleway.com'), init)
  }
  let ended: Ended | undefined
  void flexip(['claim', serverId('web-2'), ip.ipAddress, ...(free ? [free.ipAddress] : []), '--zone', 'fr-par-1', '--timeout', timeout, ...options], { fetch, now, sleep }).then((end) => (ended = end))
  while (ended === undefined) {
    for (let task = 0; task < 5; task += 1) await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(5)
  }
  return { ...ended, ip, free: free ?? ip, sent, tookMs: now() - start, source: serverId('web-1'), target: serverId('web-2'), read }
}

describe('a claim whose time is up ends with 5, names the last refusal, and says how to go on:', () => {
  test.each<[string, RegExp, string, (url: string, init: Parameters<Fetch>[1]) => Response | undefined]>([
    ['the attach is refused with 409', /is on no server: not arrived/, '409 conflict: Tuple concurrently updated', (url) => (url.endsWith('/attach') ? conflict() : undefined)],
    ['the attach is refused with 500', /is on no server: not arrived/, '500 internal_error: boom', (url) => (url.endsWith('/attach') ? broken() : undefined)],
    ['the detach is refused with 409', /is attached on \S+: not arrived/, '409 conflict: Tuple concurrently updated', (url) => (url.endsWith('/detach') ? conflict() : undefined)],
    ['the list is refused with 500', /^error: listFlexibleIPs: 500/, '500 internal_error: boom', (url) => (/\/fips\?/.test(url) ? broken() : undefined)],
  ])('%s', async (_, place, refusal, respond) => {
    for (const timeout of ['400ms', '1s', '1600ms', '20s']) {
      const { code, err, target, ip } = await claimWith(timeout, respond)
      const end = err.slice(err.search(/^error: /m))
      expect([timeout, code, end]).toEqual([timeout, 5, expect.stringMatching(place)])
      expect(end).toContain(refusal)
      expect(err).not.toContain(ip.id)
      expect(end).not.toMatch(/no answer within \d{1,2} ms/)
      expect(end).toMatch(new RegExp(`\nTo go on: flexip claim --zone=fr-par-1 --emulator=\\S+ ${target} ${ip.ipAddress}\n$`))
    }
  })

  test('a list that hangs at the end does not hide the refusal before it', async () => {
    const { code, err } = await claimWith('4s', (url, init, at) => (/\/fips\?/.test(url) ? (at < 1500 ? broken() : hung(init)) : undefined), '--while', 'true', '--direct')
    expect([code, err]).toEqual([5, expect.stringMatching(/\nerror: listFlexibleIPs: 500 internal_error: boom\nTo go on: flexip claim .*--while=true --direct /)])
  })

  test('a response that comes too late is a reason where nothing was refused before', async () => {
    const { code, err } = await claimWith('2s', (url, init) => (/\/fips\?/.test(url) ? hung(init) : undefined))
    expect([code, err]).toEqual([5, expect.stringMatching(/^error: listFlexibleIPs: no answer within \d+ ms\nTo go on: flexip claim /)])
  })
})

test('an attempt of a claim is not begun with less than the time for one answer: a second, or a quarter of a shorter time', async () => {
  for (const [timeout, ms, answerMs] of [['30s', 30_000, 1000], ['2s', 2000, 500]] as const) {
    const { code, sent, tookMs } = await claimWith(timeout, (url) => (/\/fips\?/.test(url) ? answer(403, { type: 'permissions_denied', details: [] }) : undefined))
    expect([code, sent.length > 1]).toEqual([5, true])
    // A step of the clock is 5 ms.
    expect(Math.max(...sent)).toBeLessThanOrEqual(ms - answerMs + 25)
    expect(tookMs).toBeLessThanOrEqual(ms + 25)
  }
})

const attachesTo = (init: Parameters<Fetch>[1]) => (JSON.parse(String(init.body)) as { server_id?: string }).server_id
const refused = () => answer(412, { type: 'precondition_failed', precondition: 'resource_not_usable', message: 'no', details: [] })

describe('a claim does not detach what it has no time to attach', () => {
  const limits = [['2m', 120_000 - 35_000], ['40s', 20_000]] as const
  test.each(limits)('with --timeout %s, so that what its target refuses stays on its server', async (timeout, lastMs) => {
    // The lists can be read shortly before the limit, or shortly after it.
    for (const readableMs of [lastMs - 12_000, lastMs + 100]) {
      const detached: number[] = []
      let target = ''
      const { code, err, ip, read, ...end } = await claimWith(timeout, (url, init, at) => {
        if (/\/fips\?/.test(url) && at < readableMs) return broken()
        if (url.endsWith('/detach')) detached.push(at)
        if (!url.endsWith('/attach')) return undefined
        target ||= attachesTo(init) ?? ''
        if (attachesTo(init) === target) return refused()
        // Later, the time does not suffice for the attach back.
        return at > lastMs + 100 ? hung(init) : undefined
      })
      const isBefore = readableMs < lastMs
      expect([code, detached.length, (await read(ip)).serverId]).toEqual([5, isBefore ? 1 : 0, end.source])
      expect(err).toMatch(/\nerror: \d+ s are left, and a move can take 35 s: nothing more is detached\n\S+ is attached on \S+: left there\nThe last refusal: .*\nTo go on: flexip claim /)
      expect(err.split('The last refusal: ')[1]).toContain(isBefore ? 'resource_not_usable' : '500 internal_error')
    }
  })

  test.each([[409, /409 conflict/], [500, /500 internal_error/]])('also if the service refuses the detach with %i, and accepts it when it is too late', async (status, refusal) => {
    const { code, err, ip, read, source } = await claimWith('2m', (url, _, at) => {
      if (url.endsWith('/attach')) return refused()
      return url.endsWith('/detach') && at < 86_000 ? (status === 409 ? conflict() : broken()) : undefined
    })
    const end = err.slice(err.search(/^error: /m))
    expect([code, (await read(ip)).serverId, end]).toEqual([5, source, expect.stringMatching(/\d+ s are left, and a move can take 35 s: nothing more is detached\n/)])
    expect([end, end]).toEqual([expect.stringMatching(refusal), expect.stringMatching(/is attached on \S+: not arrived .*\n(The last refusal: .*\n)?To go on: /)])
    expect(err).not.toContain('nothing more is detached: it is repeated')
  })

  test.each([true, false])('and what is on no server goes on alone, also if its target takes it: %s', async (isTaken) => {
    let target = ''
    const { code, err, ip, free, read, source } = await claimOf({ timeout: '2m', hasFree: true }, (url, init, at) => {
      if (!url.endsWith('/attach')) return undefined
      target ||= attachesTo(init) ?? ''
      return attachesTo(init) === target && !(isTaken && at > 85_100) ? refused() : undefined
    })
    expect([code, (await read(ip)).serverId, (await read(free)).serverId]).toEqual([5, source, isTaken ? target : undefined])
    const end = err.slice(err.search(/^error: /m))
    expect(end).toContain(`${ip.ipAddress} is attached on ${source}: left there\n`)
    expect(end).toContain(isTaken ? `${free.ipAddress} is attached on ${target}: arrived\n` : `${free.ipAddress} is on no server: not arrived (`)
    expect(end).toMatch(new RegExp(`\nTo go on: flexip claim .* ${target} (?=.*${ip.ipAddress}).*${isTaken ? '' : free.ipAddress}`))
  })
})

test('a request that was not sent because its time had passed is no refusal, and one whose connection was refused is', () => {
  const session = new Session(testIo(), {}, new AbortController())
  const [reason = ''] = /the time of the call had [a-z ]+/.exec(readFileSync(join(import.meta.dirname, '../../js/transport/exchange.ts'), 'utf8')) ?? []
  const lastAfter = (message: string) => {
    session.noteRefusal({ code: 'connection', message })
    return session.circumstances().refusal
  }
  expect(lastAfter('not sent: connect ECONNREFUSED')).toBe('not sent: connect ECONNREFUSED')
  expect(lastAfter(`not sent: ${reason}`)).toBe('not sent: connect ECONNREFUSED')
})
