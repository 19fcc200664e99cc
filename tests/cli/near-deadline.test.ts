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

/** Runs a claim while a clock goes by in steps of 5 ms, as soon as no response is under way. */
async function claimWith(timeout: string, respond: (url: string, init: Parameters<Fetch>[1], sentAt: number) => Promise<Response> | Response | undefined, ...options: string[]) {
  const { flexip, create, emulator, serverId } = await world()
  const ip = await create('web-1')
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
  void flexip(['claim', serverId('web-2'), ip.ipAddress, '--zone', 'fr-par-1', '--timeout', timeout, ...options], { fetch, now, sleep }).then((end) => (ended = end))
  while (ended === undefined) {
    for (let task = 0; task < 5; task += 1) await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(5)
  }
  return { ...ended, ip, sent, tookMs: now() - start, target: serverId('web-2') }
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
