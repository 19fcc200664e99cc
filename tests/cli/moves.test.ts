// claim and failover, against an emulator on a port.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { commandLine } from '../../js/cli/command-line.js'
import { processIo } from '../../js/cli/io.js'
import { visible } from '../../js/cli/table.js'
import type { Fetch } from '../../js/index.js'
import { linesOf, testIo, world } from './support.js'
import { run } from '../../js/cli/program.js'
import { temporaryFolder } from '../server/support/served.js'

const changesOf = (emulator: { journal: { method: string; target: string }[] }) => emulator.journal.filter(({ method }) => method !== 'GET').map(({ target }) => target.split('/').at(-1))

/** The state of a process, a letter; an empty text if there is none. */
const stateOf = (pid: number) => {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}

describe('flexip claim', () => {
  test('brings flexible IPs here wherever they are, and does nothing the second time', async () => {
    const { json, create, emulator } = await world()
    const [a, b, c] = [await create('web-1'), await create('web-2'), await create()]
    const rows = await json('claim', 'web-2', a.ipAddress, b.ipAddress, c.ipAddress)
    expect(rows.map(({ address, status, serverName }) => [address, status, serverName])).toEqual([a, b, c].map(({ ipAddress }) => [ipAddress, 'attached', 'web-2']))
    emulator.clearJournal()
    expect(await json('claim', 'web-2', a.ipAddress, b.ipAddress, c.ipAddress)).toEqual(rows.map((row) => ({ ...row, updatedAt: expect.any(String) as string })))
    expect(changesOf(emulator)).toEqual([])
  })

  test('takes the other members of a MAC group along, and says so', async () => {
    const { flexip, create, group, read, serverId } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    await group(a, b)
    const { code, err } = await flexip(['claim', 'web-2', a.ipAddress])
    expect([code, err.split('\n')[0]]).toEqual([0, expect.stringMatching(`^${b.ipAddress} moves along: it shares the virtual MAC address 52:54:00:`)])
    expect((await read(b)).serverId).toBe(serverId('web-2'))
  })

  test('needs no list of servers for a server that is named by its id', async () => {
    const { flexip, create, serverId } = await world()
    const ip = await create('web-1')
    const fetched: string[] = []
    const counting: Fetch = (url, init) => {
      fetched.push(url)
      return fetch(url, init as RequestInit)
    }
    expect((await flexip(['claim', serverId('web-2'), ip.ipAddress], { fetch: counting })).code).toBe(0)
    // The client itself asks whether the target exists.
    expect(fetched.filter((url) => /\/servers(\?|$)/.test(url))).toEqual([])
  })

  test('repeats what failed, through an outage of the API, until it is done', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1')
    let requests = 0
    // Longer than the retries of the client last.
    const outage: Fetch = (url, init) => ((requests += 1) <= 60 ? Promise.resolve(new Response('', { status: 502 })) : fetch(url, init as RequestInit))
    const { code, err } = await flexip(['claim', serverId('web-2'), ip.ipAddress], { fetch: outage })
    expect([code, err.includes('not done yet: ')]).toEqual([0, true])
    expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test.each([401, 403, 404, 502])('with --while, goes on while the API responds with %i, until it is back', async (status) => {
    const { flexip, create, read, serverId } = await world()
    for (const server of ['web-2', serverId('web-2')]) {
      const ip = await create('web-1')
      let requests = 0
      // Longer than the retries of one call of the client.
      const outage: Fetch = (url, init) => ((requests += 1) <= 12 ? Promise.resolve(new Response('', { status })) : fetch(url, init as RequestInit))
      expect(await flexip(['claim', server, ip.ipAddress, '--zone', 'fr-par-1', '--timeout', '24h', '--while', 'true'], { fetch: outage })).toMatchObject({ code: 0, err: expect.stringContaining('not done yet: ') as string })
      expect((await read(ip)).serverId).toBe(serverId('web-2'))
      expect(requests).toBeGreaterThan(12)
    }
  })

  test('without --while, repeats a refusal with 403 until its time is up, and ends at once with 3 after 401 and 404', async () => {
    const { flexip, create, emulator } = await world()
    const ip = await create('web-1')
    emulator.clearJournal()
    for (const list of [/\/fips\?/, /\/servers\?/]) {
      for (const [status, code] of [[401, 3], [403, 5], [404, 3]] as const) {
        const refusing: Fetch = (url, init) => (list.test(url) ? Promise.resolve(Response.json({ type: { 401: 'denied_authentication', 403: 'permissions_denied', 404: 'not_found' }[status], details: [] }, { status })) : fetch(url, init as RequestInit))
        const ended = await flexip(['claim', 'web-2', ip.ipAddress, '--timeout', '10s'], { fetch: refusing })
        expect([list, status, ended.code, ended.err.includes('not done yet: ')]).toEqual([list, status, code, status === 403])
      }
    }
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test.each(['', ' ', '\t\n'])('refuses an empty command of --while, %j, with 2', async (command) => {
    const { flexip, create, emulator } = await world()
    const ip = await create('web-1')
    emulator.clearJournal()
    for (const option of [['--while', command], [`--while=${command}`]]) {
      expect(await flexip(['claim', 'web-2', ip.ipAddress, ...option])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Allowed is a command of the shell, not an empty text.') as string })
    }
    expect(emulator.journal).toEqual([])
  })

  test('gives a response ten seconds, and sends the request again', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let now = 0
    const hungUntil: number[] = []
    const hanging: Fetch = (url, init) => {
      if (hungUntil.length > 0 || init.method !== 'GET') return fetch(url, init as RequestInit)
      hungUntil.push(NaN)
      return new Promise((_, reject) => {
        init.signal?.addEventListener('abort', () => {
          hungUntil[0] = now
          reject(new DOMException('aborted', 'AbortError'))
        })
      })
    }
    let ended: unknown
    void flexip(['claim', serverId('web-2'), ip.ipAddress, '--zone', 'fr-par-1', '--timeout', '24h'], { fetch: hanging }).then((end) => (ended = end))
    for (; ended === undefined; now += hungUntil.length > 0 ? 100 : 0) {
      // The responses of the port come in real time.
      await new Promise((resolve) => setImmediate(resolve))
      if (hungUntil.length > 0) await vi.advanceTimersByTimeAsync(100)
    }
    expect(ended).toMatchObject({ code: 0 })
    // In the step that ends at 10 s.
    expect(hungUntil).toEqual([9900])
    expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test('does not repeat what is refused for good', async () => {
    const { flexip, create } = await world()
    const ip = await create('db-1', { zone: 'nl-ams-1' })
    expect(await flexip(['claim', 'web-1', ip.ipAddress])).toMatchObject({ code: 3, err: expect.stringContaining(`${ip.ipAddress} (nl-ams-1) cannot go to web-1 in fr-par-1`) as string })
    expect((await flexip(['claim', 'web-9', ip.ipAddress])).code).toBe(8)
  })

  test('--dry-run prints the steps and changes nothing', async () => {
    const { flexip, json, create, emulator } = await world()
    const ip = await create('web-1')
    emulator.clearJournal()
    expect((await flexip(['claim', 'web-2', ip.ipAddress, '--dry-run'])).out).toBe(`detach ${ip.ipAddress} from web-1\nattach ${ip.ipAddress} to web-2\n`)
    expect(await json('claim', 'web-2', ip.ipAddress, '--dry-run')).toMatchObject([{ action: 'detach', addresses: [ip.ipAddress] }, { action: 'attach' }])
    expect(changesOf(emulator)).toEqual([])
  })

  test('--while that fails at the start sends nothing, and ends with 10', async () => {
    const { flexip, create, emulator } = await world()
    const ip = await create('web-1')
    emulator.clearJournal()
    expect(await flexip(['claim', 'web-2', ip.ipAddress, '--while', 'false'], { shell: () => Promise.resolve(1) })).toMatchObject({ code: 10, err: expect.stringContaining('--while ended with 1: the claim is withdrawn') as string })
    expect(emulator.journal).toEqual([])
  })

  test('--while is run before every change: an old claim does not take an address back', async () => {
    const { flexip, create, emulator, read } = await world()
    const ip = await create('web-1')
    emulator.clearJournal()
    // The host is master at the start and at the detach, and no longer at the attach.
    const shell = () => Promise.resolve(changesOf(emulator).includes('detach') ? 1 : 0)
    const { code, err } = await flexip(['claim', 'web-2', ip.ipAddress, '--while', 'is-master'], { shell })
    expect(code).toBe(10)
    expect(err).toContain(`${ip.ipAddress} is on no server: not arrived`)
    expect(err).toContain('error: --while ended with 1: the claim is withdrawn: ensureAttached: ')
    expect(changesOf(emulator)).toEqual(['detach'])
    expect((await read(ip)).serverId).toBeUndefined()
  })

  /** A command of the shell that ends only when it is killed. */
  const hangs = (killed: string[]) => (command: string, signal: AbortSignal) => new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(killed.push(command))))

  test.each([['5m', 10, 'has not ended within 10 s: the claim is withdrawn'], ['6s', 5, 'the time is up']])('--while that hangs with --timeout %s is killed, and ends the claim with %i', async (timeout, code, reason) => {
    const { flexip, create, emulator } = await world()
    const ip = await create('web-1')
    emulator.clearJournal()
    const killed: string[] = []
    expect(await flexip(['claim', 'web-2', ip.ipAddress, '--while', 'is-master', '--timeout', timeout], { shell: hangs(killed) })).toMatchObject({ code, err: expect.stringContaining(reason) as string })
    expect([killed, emulator.journal]).toEqual([['is-master'], []])
  })

  test('--while that hangs before a change does not let it pass', async () => {
    const { flexip, create, emulator } = await world()
    const ip = await create('web-1')
    emulator.clearJournal()
    const shell = (command: string, signal: AbortSignal) => (emulator.journal.length === 0 ? Promise.resolve(0) : hangs([])(command, signal))
    expect((await flexip(['claim', 'web-2', ip.ipAddress, '--while', 'is-master', '--timeout', '1h'], { shell })).code).toBe(10)
    expect(changesOf(emulator)).toEqual([])
  })

  test('what --while prints is a warning with --json, and has no secret in either mode', async () => {
    const { url, create, emulator } = await world()
    const ip = await create()
    const env = { FLEXIP_SECRET_KEY: emulator.secretKey }
    for (const json of [[], ['--json']]) {
      const io = testIo({ env, shell: (_, __, ___, say) => Promise.resolve(say?.(`hello ${emulator.secretKey} \u009b`)).then(() => 0) })
      expect(await run(['claim', 'web-1', ip.ipAddress, `--emulator=${url}`, '--while', 'check', '--dry-run', ...json], io)).toBe(0)
      expect(io.printed.err.split('\n')[0]).toBe(json.length > 0 ? '{"warning":"hello [secret] \\u009b"}' : 'hello [secret] \\u009b')
    }
  })

  test('a command of the shell gives the lines of both its streams, also the last one without an end', async () => {
    const lines: string[] = []
    expect(await processIo().shell('echo one; echo two >&2; printf three; exit 3', new AbortController().signal, {}, (line) => lines.push(line))).toBe(3)
    expect(lines.sort()).toEqual(['one', 'three', 'two'])
  })

  test('a command of the shell that a signal ended has 128 and the number of the signal', async () => {
    expect(await processIo().shell('kill -TERM $$', new AbortController().signal)).toBe(143)
  })

  test('two equal claims at once both end with 0, and neither says that something failed', async () => {
    const { flexip, create, read, serverId } = await world()
    const ips = [await create('web-1'), await create('web-1')]
    const words = ['claim', 'web-2', ...ips.map(({ ipAddress }) => ipAddress)]
    for (const { code, out, err } of await Promise.all([flexip(words), flexip(words)])) {
      expect([code, err.includes('error: ')]).toEqual([0, false])
      for (const { ipAddress } of ips) expect(out).toMatch(new RegExp(`^${ipAddress.replaceAll('.', '\\.')} +attached +web-2 `, 'm'))
    }
    for (const ip of ips) expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test('--while is killed with its children', async () => {
    const { shell } = processIo()
    const late = new AbortController()
    const file = join(temporaryFolder(), 'pid')
    const ended = shell(`sleep 1000 & echo $! > ${file}; wait`, late.signal)
    const pid = await vi.waitFor(() => Number(readFileSync(file, 'utf8').trim() || NaN) || Promise.reject(new Error('not yet')), 10_000)
    late.abort()
    expect(await ended).toBe(137)
    // A process that was killed may still have an entry, until its new parent reads how it ended.
    await vi.waitFor(() => expect(stateOf(pid)).toMatch(/^[ZX]?$/), 10_000)
  })

  test('with --while, goes on while the lists are empty until the time is up, and without it ends with 8', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1')
    let requests = 0
    const emptyAtFirst: Fetch = (url, init) => ((requests += 1) <= 12 ? Promise.resolve(new Response('{"servers":[],"flexible_ips":[],"total_count":0}', { status: 200, headers: { 'Content-Type': 'application/json' } })) : fetch(url, init as RequestInit))
    for (const server of ['web-2', serverId('web-2')]) {
      requests = 0
      expect((await flexip(['claim', server, ip.ipAddress, '--zone', 'fr-par-1'], { fetch: emptyAtFirst })).code).toBe(8)
      requests = 0
      expect(await flexip(['claim', server, ip.ipAddress, '--zone', 'fr-par-1', '--timeout', '24h', '--while', 'true'], { fetch: emptyAtFirst })).toMatchObject({ code: 0, err: expect.stringMatching(/not done yet: there is no (server "web-2"|flexible IP)/) as string })
      expect((await read(ip)).serverId).toBe(serverId('web-2'))
    }
    expect((await flexip(['claim', 'web-2', '203.0.113.9', '--timeout', '1m', '--while', 'true'])).code).toBe(5)
  })

  test('with --while, goes on while the service refuses the attach as a wrong argument', async () => {
    const { flexip, create, emulator } = await world()
    const ip = await create()
    emulator.addFault({ operation: 'attachFlexibleIP', times: 3, fault: { status: { status: 400, body: { type: 'invalid_arguments', message: 'no', details: [] } } } })
    expect((await flexip(['claim', 'web-2', ip.ipAddress, '--timeout', '1h', '--while', 'true'])).code).toBe(0)
  })

  test('ends with 5 when its time is up', async () => {
    const { flexip, create } = await world({ timing: { detach: 60_000 } })
    const ip = await create('web-1')
    const { code, err } = await flexip(['claim', 'web-2', ip.ipAddress, '--timeout', '300ms'], { now: () => performance.now() })
    expect(err).toMatch(/^error: /m)
    expect(code).toBe(5)
  })
})

const refused412 = { type: 'precondition_failed', precondition: 'resource_not_usable', message: 'no', details: [] }

describe('what a claim has detached is part of its next attempt', () => {
  test.each(['server:web-1', 'tag:vip'])('also if %s does not name it any more', async (word) => {
    const { flexip, create, read, serverId, client } = await world()
    const ips = [await create('web-1', { tags: ['vip'] }), await create('web-1', { tags: ['vip'] })]
    let refusals = 0
    // Both are refused by web-2, and then by web-1, to which they go back. Their tag is gone by then.
    const refusing: Fetch = async (url, init) => {
      if (!url.endsWith('/attach') || refusals === 4) return fetch(url, init as RequestInit)
      if ((refusals += 1) === 1) for (const { id, zone } of ips) await client.updateFlexibleIP({ zone, fipId: id, tags: [] })
      return Response.json(refused412, { status: 412 })
    }
    expect(await flexip(['claim', 'web-2', word], { fetch: refusing })).toMatchObject({ code: 0, err: expect.stringContaining('not done yet: ') as string })
    for (const ip of ips) expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test.each(['server:web-1', 'tag:vip'])('and the command that goes on names addresses instead of %s', async (word) => {
    const { flexip, create } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    let refusals = 0
    // web-2 refuses it, and web-1 to take it back. Then nothing can be read.
    const refusing: Fetch = (url, init) => {
      if (url.endsWith('/attach')) return Promise.resolve(Response.json(refused412, { status: (refusals += 1) && 412 }))
      return refusals < 2 ? fetch(url, init as RequestInit) : Promise.resolve(Response.json({ type: 'denied_authentication', details: [] }, { status: 401 }))
    }
    const { code, err } = await flexip(['claim', 'web-2', word, '--timeout', '30s', '--while', 'true'], { fetch: refusing })
    expect(code).toBe(5)
    expect(err.trim().split('\n').at(-1)).toMatch(new RegExp(`^To go on: flexip claim .* ${ip.ipAddress.replaceAll('.', '\\.')}$`))
  })
})

describe.each(['locked', 'error'] as const)('a flexible IP that is %s', (status) => {
  test.each([['claim'], ['claim', '--while', 'true'], ['claim', '--dry-run'], ['attach'], ['attach', '--no-wait'], ['attach', '--dry-run']])('and on the target already is left there by %s %s, and the others go', async (command, ...options) => {
    const { flexip, create, read, serverId, emulator } = await world()
    const [there, other] = [await create('web-2'), await create()]
    emulator.forceStatus(there.id, status)
    emulator.clearJournal()
    expect((await flexip([command, 'web-2', there.ipAddress, ...options])).code).toBe(0)
    expect(changesOf(emulator)).toEqual([])
    expect((await flexip([command, 'web-2', there.ipAddress, other.ipAddress, ...options])).code).toBe(0)
    const hasMoved = !options.includes('--dry-run')
    expect([changesOf(emulator), (await read(other)).serverId]).toEqual(hasMoved ? [['attach'], serverId('web-2')] : [[], undefined])
  })

  test('and on another server ends claim with 3 at once, or with 6 when the others have arrived', async () => {
    const { flexip, create, read, serverId, emulator } = await world()
    const [stuck, other] = [await create('web-1'), await create('web-1')]
    emulator.forceStatus(stuck.id, status)
    emulator.clearJournal()
    const alone = await flexip(['claim', 'web-2', stuck.ipAddress])
    expect([alone.code, alone.err.includes('not done yet'), changesOf(emulator)]).toEqual([3, false, []])
    const both = await flexip(['claim', 'web-2', stuck.ipAddress, other.ipAddress])
    expect([both.code, both.err.match(/not done yet/g)?.length]).toEqual([6, 1])
    expect([(await read(stuck)).serverId, (await read(other)).serverId]).toEqual([serverId('web-1'), serverId('web-2')])
  })
})

describe('flexip failover', () => {
  test('moves all flexible IPs of a server, and with none left there is nothing to do', async () => {
    const { flexip, create, group, read, serverId } = await world()
    const ips = [await create('web-1'), await create('web-1'), await create('web-1')]
    await group(ips[0]!, ips[1]!)
    const other = await create('web-2')
    const { code, out, err } = await flexip(['failover', 'web-1', 'web-2'])
    expect(code).toBe(0)
    expect(out.trim().split('\n')).toHaveLength(4)
    expect(err).toMatch(/attached .* to web-2 after \d+\.\d s\n/)
    for (const ip of [...ips, other]) expect((await read(ip)).serverId).toBe(serverId('web-2'))
    expect(await flexip(['failover', 'web-1', 'web-2'])).toMatchObject({ code: 0, out: '', err: 'nothing to do: no flexible IP is on web-1\n' })
  })

  test('that finds nothing to do names what is on no server of the zone: a run that was killed can have left it there', async () => {
    const { flexip, create, emulator } = await world()
    const [free] = [await create(), await create('db-1', { zone: 'nl-ams-1' }), await create(undefined, { zone: 'nl-ams-1' })]
    expect(await flexip(['failover', 'web-1', 'web-2'])).toMatchObject({ code: 0, err: `nothing to do: no flexible IP is on web-1\nwarning: on no server of fr-par-1: ${free.ipAddress}. If a failover that was killed has left them there, claim brings them to web-2\n` })
    expect((await flexip(['failover', 'web-1', 'web-2', '--json'])).err).toContain(`{"warning":"on no server of fr-par-1: ${free.ipAddress}.`)
    expect(emulator.journal.filter(({ target }) => /\/(attach|detach)$/.test(target))).toEqual([])
  })

  test('ctrl-C in the middle says what is where, with the names of servers, and how to go on, and that command goes on', async () => {
    const { url, create, flexip, read, serverId, emulator } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    // One is attached at once, and the other's attach takes an hour.
    emulator.setTiming({ detach: 3_600_000 })
    const io = testIo()
    const begun = new Promise<void>((resolve) => {
      const { err } = io
      io.err = (text) => {
        err(text)
        if (io.printed.err.includes(`detaching ${b.ipAddress}`)) resolve()
      }
    })
    const ended = run(['failover', 'web-1', 'web-2', `--emulator=${url}`], io)
    await begun
    while (!emulator.journal.some(({ target, status }) => target.endsWith('/detach') && status === 200)) await new Promise(setImmediate)
    io.raise('SIGINT')
    expect(await ended).toBe(130)
    const lines = io.printed.err.trim().split('\n')
    expect(lines).toContainEqual(expect.stringMatching(`^${a.ipAddress} is (detaching|attached) on web-1: not arrived`))
    const command = /^To go on: flexip (.*)$/.exec(lines.at(-1) ?? '')?.[1]?.split(' ') ?? []
    emulator.setTiming('instant')
    emulator.forceStatus(a.id, 'attached')
    emulator.forceStatus(b.id, 'attached')
    expect((await flexip(command)).code).toBe(0)
    for (const ip of [a, b]) expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test('after a signal, the number of those that have arrived is that of the last read', async () => {
    const { url, create, emulator, serverId } = await world()
    const ip = await create()
    emulator.setTiming({ attach: 3_600_000 })
    emulator.clearJournal()
    // The attach is done while the command ends.
    let hasArrived = false
    const io = testIo({
      fetch: async (target, init) => {
        const response = await fetch(target, init as RequestInit)
        if (!hasArrived || !target.includes('/fips?')) return response
        const { flexible_ips: ips, ...rest } = (await response.json()) as { flexible_ips: object[] }
        return Response.json({ ...rest, flexible_ips: ips.map((one) => ({ ...one, status: 'attached', server_id: serverId('web-1') })) })
      },
    })
    const ended = run(['claim', 'web-1', ip.ipAddress, `--emulator=${url}`], io)
    while (!emulator.journal.some(({ target, status }) => target.endsWith('/attach') && status === 200)) await new Promise(setImmediate)
    hasArrived = true
    io.raise('SIGINT')
    expect(await ended).toBe(130)
    expect(io.printed.err).toContain(': arrived')
    expect(io.printed.err).toContain('1 of 1 flexible IPs are where they should be')
  })

  test('an attach that is interrupted names attach as the command that goes on: claim would take it from another server', async () => {
    const { url, create, emulator, serverId } = await world()
    const ip = await create()
    emulator.setTiming({ attach: 3_600_000 })
    emulator.clearJournal()
    const io = testIo()
    const ended = run(['attach', 'web-1', ip.ipAddress, `--emulator=${url}`], io)
    while (!emulator.journal.some(({ target, status }) => target.endsWith('/attach') && status === 200)) await new Promise(setImmediate)
    io.raise('SIGINT')
    expect(await ended).toBe(130)
    expect(io.printed.err).toContain(`\nTo go on: flexip attach --emulator=${url} ${serverId('web-1')} ${ip.ipAddress}\n`)
  })

  test('the command that goes on has every option that decides which service, account and zone is used, as a shell reads it', async () => {
    const { url, create, emulator } = await world({ secretKey: '11111111-1111-4111-8111-111111111111' })
    const ip = await create('web-1')
    emulator.setTiming({ detach: 3_600_000, attach: 3_600_000 })
    emulator.clearJournal()
    const config = join(temporaryFolder(), "it's a file.yaml")
    writeFileSync(config, 'profiles:\n  "my prod":\n    access_key: SCWXXXXXXXXXXXXXXXXX\n    secret_key: 11111111-1111-4111-8111-111111111111\n', { mode: 0o600 })
    const io = testIo()
    const args = ['claim', 'web-2', ip.ipAddress, '--direct', '--config', config, '--profile', 'my prod', '--api-url', url, '--zone', 'fr-par-1', '--while', 'test -e "$HOME"']
    const ended = run(args, io)
    while (!emulator.journal.some(({ method, status }) => method === 'POST' && status === 200)) await new Promise(setImmediate)
    io.raise('SIGTERM')
    expect(await ended).toBe(143)
    const line = /^To go on: flexip (.*)$/m.exec(io.printed.err)?.[1] ?? ''
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`]).toString().trimEnd().split('\n')
    expect(words).toEqual(['claim', `--config=${config}`, '--profile=my prod', `--api-url=${url}`, '--zone=fr-par-1', '--while=test -e "$HOME"', '--direct', expect.stringMatching(/^[0-9a-f-]{36}$/), ip.ipAddress])
  })

  test.each(["tag:it's\na \\ b", 'tag:\u202ea', 'tag:é\u0301\u{e0041}'])('a hint that names %j quotes it as bash reads it', (word) => {
    const line = commandLine({}, 'claim', ['web-2', word])
    expect(visible(line)).toBe(line)
    expect(execFileSync('bash', ['-c', `printf '%s' ${line.split(' ').slice(3).join(' ')}`]).toString()).toBe(word)
  })

  /** What a claim with this condition says after SIGTERM in the middle. */
  const interrupted = async (condition: string, ...options: string[]) => {
    const { url, create, emulator } = await world()
    const ip = await create('web-1')
    emulator.setTiming({ detach: 3_600_000, attach: 3_600_000 })
    emulator.clearJournal()
    const io = testIo()
    const ended = run(['claim', 'web-2', ip.ipAddress, `--emulator=${url}`, '--while', condition, ...options], io)
    while (!emulator.journal.some(({ method, status }) => method === 'POST' && status === 200)) await new Promise(setImmediate)
    io.raise('SIGTERM')
    expect(await ended).toBe(143)
    return io.printed.err
  }
  const filledIn = 'In this command, [secret] stands for a text that is not shown: fill it in before you run it.'

  test('a condition with a password is not shown, and the hint says that it is to be filled in', async () => {
    const condition = "test -e /etc && check --password 'hun'ter2"
    const err = await interrupted(condition)
    expect(err).not.toMatch(/ter2/)
    expect(err).toContain("'--while=[secret]'")
    expect(err).toContain(filledIn)
    const json = (await interrupted(condition, '--json')).trim().split('\n').map((line) => JSON.parse(line) as { error?: { hints: string[] } })
    expect(json.at(-1)?.error?.hints).toContain(filledIn)
  })

  test.each(['ssh-keygen -F x && test -e key', 'check --keys -v; test -e /etc', "grep -q 'MASTER' /run/token file"])('a condition without a password %j is shown whole', async (condition) => {
    const err = await interrupted(condition)
    const line = /^To go on: flexip (.*)$/m.exec(err)?.[1] ?? ''
    expect(execFileSync('sh', ['-c', `printf '%s\\n' ${line}`]).toString()).toContain(`--while=${condition}\n`)
    expect(err).not.toContain(filledIn)
  })

  test('a second ctrl-C ends the process at once', async () => {
    const { url, create } = await world({ timing: { detach: 3_600_000 } })
    const ip = await create('web-1')
    const io = testIo({ err: () => undefined })
    const ended = run(['failover', 'web-1', 'web-2', ip.ipAddress, `--emulator=${url}`], io)
    io.raise('SIGINT')
    io.raise('SIGINT')
    expect([await ended, io.exits]).toEqual([130, [130]])
  })
})

describe('the name of a server that an id named', () => {
  test.each(['claim', 'failover'])('is in what %s prints, and no list is read for it', async (command) => {
    const { flexip, create, serverId } = await world()
    const ip = await create('web-1')
    const lists: string[] = []
    const counting: Fetch = (url, init) => {
      if (/\/servers\?/.test(url)) lists.push(url)
      return fetch(url, init as RequestInit)
    }
    const args = command === 'claim' ? ['claim', serverId('web-2'), ip.ipAddress] : ['failover', serverId('web-1'), serverId('web-2')]
    expect(linesOf(await flexip([...args, '--json'], { fetch: counting }))).toMatchObject([{ serverId: serverId('web-2'), serverName: 'web-2' }])
    expect(lists).toEqual([])
  })

  test('is null without a warning when it cannot be read: the move is done', async () => {
    const { flexip, create, serverId } = await world()
    const ip = await create('web-1')
    const without: Fetch = (url, init) => (url.includes('/baremetal/') ? Promise.resolve(new Response('', { status: 403 })) : fetch(url, init as RequestInit))
    const ended = await flexip(['claim', serverId('web-2'), ip.ipAddress, '--json'], { fetch: without })
    expect([linesOf(ended), ended.err]).toMatchObject([[{ serverId: serverId('web-2'), serverName: null }], ''])
  })
})

test('failover --json prints the flexible IPs, one a line', async () => {
  const { flexip, create } = await world()
  await create('web-1')
  expect(linesOf(await flexip(['failover', 'web-1', 'web-2', '--json']))).toMatchObject([{ serverName: 'web-2' }])
})
