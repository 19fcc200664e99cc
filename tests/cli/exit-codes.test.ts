// Every exit code, by a command that ends with it.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codesOfErrors, exitCodeOfAll, exitCodes } from '../../js/cli/exit-codes.js'
import { failureOf } from '../../js/cli/failure.js'
import * as library from '../../js/index.js'
import { run } from '../../js/cli/program.js'
import { temporaryFolder } from '../server/support/served.js'
import { problemsOf } from './json-schema.js'
import { flexip, testIo, world } from './support.js'

describe('a command ends with', () => {
  test('3 when the service refuses, with its request id for --json', async () => {
    const { flexip: run, create, emulator } = await world()
    const ip = await create()
    emulator.addFault({ operation: 'updateFlexibleIP', fault: { status: { status: 403, body: { type: 'permissions_denied', details: [] } } } })
    const { code, err } = await run(['update', ip.ipAddress, '--description', 'x', '--json'])
    expect(code).toBe(exitCodes.refused)
    expect(JSON.parse(err)).toMatchObject({ error: { exitCode: 3, code: 'permissions_denied', requestId: expect.any(String) as string } })
  })

  test('4 when the response to a create was lost: it is unknown whether it was made', async () => {
    const { flexip: run, emulator } = await world()
    emulator.addFault({ operation: 'createFlexibleIP', fault: 'dropAfter' })
    const { code, err } = await run(['create', '--zone', 'fr-par-1'])
    expect(code).toBe(exitCodes.inDoubt)
    expect(err).toContain('To see what was done, before you run the command again: flexip ls --zone=fr-par-1 --emulator=http://127.0.0.1:')
  })

  test('5 when its time is up in a wait', async () => {
    const { flexip: run, create } = await world({ timing: { attach: 3_600_000 } })
    const ip = await create()
    const { code, err } = await run(['attach', 'web-1', ip.ipAddress, '--timeout', '200ms'], { now: () => performance.now() })
    expect(code).toBe(exitCodes.timedOut)
    expect(err).toMatch(/^error: /m)
  })

  test('6 when a part is done', async () => {
    const { flexip: run } = await world({ quota: 1 })
    expect((await run(['create', '--zone', 'fr-par-1', '--count', '2'])).code).toBe(exitCodes.incomplete)
  })

  test('7 when there is no response', async () => {
    const { code, err } = await flexip(['where', '1.2.3.4', '--emulator=http://127.0.0.1:2', '--zone', 'fr-par-1'])
    expect(code).toBe(exitCodes.unreachable)
    expect(err).toMatch(/^error: listFlexibleIPs: not sent: .*ECONNREFUSED/)
  })

  test.each([['SIGINT', exitCodes.interrupted], ['SIGTERM', exitCodes.terminated], ['SIGHUP', exitCodes.hungUp]] as const)('its own code at %s, and says whether a change was sent', async (signal, code) => {
    const { url, create, emulator } = await world({ timing: { detach: 3_600_000 } })
    const ip = await create('web-1')
    const io = testIo()
    const ended = run(['rm', ip.ipAddress, '--yes', `--emulator=${url}`], io)
    while (!emulator.journal.some(({ method, status }) => method === 'DELETE' && status === 204)) await new Promise(setImmediate)
    io.raise(signal)
    expect(await ended).toBe(code)
    expect(io.printed.err).toContain('A change was sent before')
    const early = testIo()
    const unsent = run(['rm', ip.ipAddress, '--yes', `--emulator=${url}`], early)
    early.raise(signal)
    expect([await unsent, early.printed.err]).toEqual([code, expect.stringContaining('Nothing was changed.')])
  })

  test('the gravest of several codes', () => {
    const of = (done: number, ...codes: (typeof exitCodes)[keyof typeof exitCodes][]) => exitCodeOfAll(codes.map((exitCode) => ({ exitCode })), done)
    expect(of(2)).toBe(0)
    expect(of(0, 3, 3)).toBe(3)
    expect(of(1, 3)).toBe(6)
    expect(of(0, 3, 7)).toBe(6)
    expect(of(1, 3, 4)).toBe(4)
    expect(of(1, 130, 4)).toBe(130)
  })
})

test('the move of a flexible IP that is locked or in error ends with 3: the same command fails again', async () => {
  const { flexip: run, create, emulator } = await world()
  const ip = await create()
  for (const status of ['locked', 'error'] as const) {
    const stuck: library.Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (!/fr-par-1\/fips/.test(url)) return response
      return new Response((await response.text()).replace('"status":"ready"', `"status":"${status}"`), { status: 200, headers: { 'Content-Type': 'application/json' } })
    }
    emulator.clearJournal()
    expect(await run(['attach', 'web-1', ip.ipAddress], { fetch: stuck })).toMatchObject({ code: exitCodes.refused, err: expect.stringContaining(`: ${ip.ipAddress} is stuck: ${status}`) as string })
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  }
})

test.each(['locked', 'error'] as const)('--dry-run of a move of what is %s shows the steps and ends with 3, and a failover of it names no claim', async (status) => {
  const { flexip: run, create, emulator } = await world()
  const [free, there] = [await create(), await create('web-1')]
  for (const { id } of [free, there]) emulator.forceStatus(id, status)
  const said = status === 'error' ? 'in error' : status
  for (const args of [['attach', 'web-2', free.ipAddress], ['claim', 'web-2', there.ipAddress], ['claim', 'web-2', there.ipAddress, '--while', 'true'], ['failover', 'web-1', 'web-2']]) {
    expect(await run([...args, '--dry-run'])).toMatchObject({ code: exitCodes.refused, out: expect.stringContaining('attach') as string, err: expect.stringContaining(`is ${said}`) as string })
  }
  const { code, err } = await run(['failover', 'web-1', 'web-2'])
  expect(code).toBe(exitCodes.refused)
  expect(err).toContain("Only Scaleway's support can end what is locked or in error")
  expect(err).not.toContain('To go on')
})

test('a move whose request was never answered ends with 5, and says where the flexible IP is and what goes on', async () => {
  const { flexip: run, create } = await world()
  const ip = await create()
  const unanswered: library.Fetch = (url, init) =>
    init.method === 'GET' ? fetch(url, init as RequestInit) : new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)))
  const { code, err } = await run(['attach', 'web-1', ip.ipAddress, '--timeout', '500ms'], { fetch: unanswered, now: () => performance.now() })
  expect(code).toBe(exitCodes.timedOut)
  expect(err).toMatch(new RegExp(`${ip.ipAddress} is on no server: not arrived .*\nTo go on: flexip attach `))
})

test.skipIf(!existsSync('/dev/full'))('an output that cannot be written ends a command that succeeded with 1', () => {
  const cli = join(import.meta.dirname, '../../pkg/cli.js')
  const full = openSync('/dev/full', 'w')
  try {
    const { status, stderr } = spawnSync(process.execPath, [cli, 'ls', '--emulator', '--json'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' })
    expect([status, stderr]).toEqual([exitCodes.failed, expect.stringMatching(/^error: the output could not be written: ENOSPC/)])
  } finally {
    closeSync(full)
  }
})

test('a create that is refused does not hint that a flexible IP may be deleted', async () => {
  const { flexip: run, emulator } = await world()
  emulator.addFault({ operation: 'createFlexibleIP', fault: { status: { status: 403, body: { type: 'permissions_denied', details: [] } } } })
  expect((await run(['create', '--zone', 'fr-par-1'])).err).toMatch(/\nThe API key lacks a permission, or the Project is another one\.\n$/)
})

describe('an error of the library', () => {
  const circumstances = { isLate: false, isLateForMoves: false, hasSent: true, hasChanged: true, options: {} }
  const codes: Record<string, number> = {
    AlreadyExistsError: 3, AmbiguousResultError: 4, ConfigurationError: 2, ConflictError: 3, ConnectionError: 7, DecodeError: 1, DeniedAuthenticationError: 3, EmulatorTrapError: 1, FlexipError: 1,
    IncompleteError: 6, IncompleteListError: 7, InternalServerError: 7, InvalidArgumentsError: 3, OutOfStockError: 3, PermissionsDeniedError: 3, PreconditionFailedError: 3, QuotasExceededError: 3,
    ResourceExpiredError: 3, ResourceLockedError: 3, ResourceNotFoundError: 3, ServiceUnavailableError: 7, TimeoutError: 7, TooManyRequestsError: 7, TransientStateError: 3, UnexpectedResponseError: 1, WaitError: 6,
  }
  const classes = Object.entries(library).filter(([name]) => /^[A-Z]\w+Error$/.test(name)) as [string, typeof library.FlexipError][]

  test.each(classes)('%s has its code', (name, Class) => {
    const fields = name === 'IncompleteError' ? { moves: [] } : {}
    const error = Object.assign(new Class('x', {}, { attempts: 1 }), fields)
    expect(failureOf(error, circumstances)?.exitCode).toBe(codes[name])
    // When the time is up, that is the reason, unless the arguments are wrong or the outcome is unknown.
    const late = codes[name] === 2 || codes[name] === 4 ? codes[name] : exitCodes.timedOut
    expect(failureOf(error, { ...circumstances, isLate: true })?.exitCode).toBe(late)
  })

  test('that is an argument refused before anything was sent has 2', () => {
    expect(failureOf(new library.InvalidArgumentsError('x'), circumstances)?.exitCode).toBe(exitCodes.arguments)
  })

  test('of a move has the code of its refusal if nothing was changed, else that of an incomplete move', () => {
    const move = (...errors: (library.FlexipError | undefined)[]) => Object.assign(new library.IncompleteError('x'), { moves: errors.map((error) => ({ fipId: 'a', arrived: !error, returned: false, error })) })
    const refusal = new library.InvalidArgumentsError('x', {}, { attempts: 1 })
    const unchanged = { ...circumstances, hasChanged: false }
    expect(failureOf(move(refusal), unchanged)?.exitCode).toBe(exitCodes.refused)
    expect(failureOf(move(refusal, refusal), unchanged)?.exitCode).toBe(exitCodes.refused)
    expect(failureOf(move(refusal, new library.ConnectionError('x')), unchanged)?.exitCode).toBe(exitCodes.incomplete)
    expect(failureOf(move(refusal, undefined), unchanged)?.exitCode).toBe(exitCodes.incomplete)
    expect(failureOf(move(refusal), circumstances)?.exitCode).toBe(exitCodes.incomplete)
  })

  test('of a move that is done when the time is up says so, and names no command that goes on', () => {
    const last = { id: 'a', ipAddress: '192.0.2.1', status: 'ready', zone: 'fr-par-1' } as library.FlexibleIP
    const resume = { zone: 'fr-par-1', serverId: 'web-2', fipsIds: ['a'], strategy: 'safe' }
    const error = Object.assign(new library.IncompleteError('x'), { moves: [{ fipId: 'a', arrived: false, returned: false, last, error: new library.WaitError('is still ready') }], resume })
    const late = { ...circumstances, isLate: true, goOn: { names: ['192.0.2.1'], commandOf: (names: readonly string[]) => `flexip claim web-2 ${names.join(' ')}` } }
    const now = new Map([['a', { ...last, status: 'attached', serverId: 'web-2' } as library.FlexibleIP]])
    expect(failureOf(error, { ...late, now })).toMatchObject({ exitCode: exitCodes.timedOut, message: 'the time was up before this was known: all of it is done', hints: ['192.0.2.1 is attached on web-2: arrived'] })
    for (const other of [undefined, new Map([['a', last]])]) expect(failureOf(error, { ...late, now: other })).toMatchObject({ message: 'x', hints: ['192.0.2.1 is on no server: not arrived (is still ready)', expect.stringMatching(/^To go on: flexip claim web-2 192\.0\.2\.1$/)] })
  })

  test('of a move whose time is up names a command that goes on without what it says to be gone', () => {
    const last = (digit: number) => ({ id: `${digit}`, ipAddress: `192.0.2.${digit}`, status: 'attached', serverId: 'web-2', zone: 'fr-par-1' }) as library.FlexibleIP
    const error = Object.assign(new library.IncompleteError('x'), { moves: [1, 2].map((digit) => ({ fipId: `${digit}`, arrived: digit === 1, returned: false, last: last(digit) })), resume: { zone: 'fr-par-1', serverId: 'web-2', fipsIds: ['2'], strategy: 'safe' } })
    const late = { ...circumstances, isLate: true, goOn: { names: ['192.0.2.1', '192.0.2.2'], commandOf: (names: readonly string[]) => names.join(' ') } }
    expect(failureOf(error, { ...late, now: new Map([['1', last(1)]]) })?.hints).toEqual(['192.0.2.1 is attached on web-2: arrived', '192.0.2.2: it is gone, or its state is unknown', 'To go on: 192.0.2.1'])
    expect(failureOf(error, { ...late, now: new Map() })?.hints).toEqual(['192.0.2.1: it is gone, or its state is unknown', '192.0.2.2: it is gone, or its state is unknown'])
  })

  test('names flexible IPs by their addresses, as far as a list that was read has them', () => {
    const [known, listed, other] = ['a', 'b', 'c'].map((digit) => `${digit.repeat(8)}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`) as [string, string, string]
    const moves = [known, listed, other].map((fipId) => ({ fipId, arrived: false, returned: false, error: new library.WaitError(`${fipId} is still ready`) }))
    const error = Object.assign(new library.IncompleteError(`${known} is still ready; the last failure: ${other} is busy`), { moves, resume: { zone: 'fr-par-1', serverId: 'web-2', fipsIds: [known, listed, other], strategy: 'safe' } })
    const now = new Map([known, listed, other].map((id, index) => [id, { id, ipAddress: `192.0.2.${index + 1}`, status: 'ready' } as library.FlexibleIP] as const))
    const failure = failureOf(error, { ...circumstances, isLate: true, addresses: new Map([[known, '192.0.2.1']]), refusal: `409 conflict: ${listed}`, now })
    expect(failure).toMatchObject({ message: '192.0.2.1 is still ready; the last failure: 192.0.2.3 is busy', hints: [1, 2, 3].map((digit) => `192.0.2.${digit} is on no server: not arrived (192.0.2.${digit} is still ready)`).concat('The last refusal: 409 conflict: 192.0.2.2', 'To go on: flexip claim web-2 192.0.2.1 192.0.2.2 192.0.2.3') })
    expect(failureOf(error, { ...circumstances, addresses: new Map([[known, '192.0.2.1']]) })).toMatchObject({ message: `192.0.2.1 is still ready; the last failure: ${other} is busy`, hints: ['192.0.2.1: its state is unknown: not arrived (192.0.2.1 is still ready)', ...[listed, other].map((id) => `${id}: its state is unknown: not arrived (${id} is still ready)`), `To go on: flexip claim web-2 192.0.2.1 ${listed} ${other}`] })
  })

  test('of a flexible IP that is deleted meanwhile says that it is gone, and not where it was before', () => {
    const last = { id: 'a', ipAddress: '192.0.2.1', status: 'attached', serverId: 'web-1', zone: 'fr-par-1' } as library.FlexibleIP
    const absent = (cause: unknown) => Object.assign(new library.WaitError('x', { cause }), { fipId: 'a', last })
    const denied = absent(new library.PermissionsDeniedError('no'))
    const move = (error: library.FlexipError) => Object.assign(new library.IncompleteError('x'), { moves: [{ fipId: 'a', arrived: false, returned: false, last, error }] })
    const hintsOf = (error: unknown, now?: ReadonlyMap<string, library.FlexibleIP>) => failureOf(error, { ...circumstances, now })?.hints.join()
    const gone = '192.0.2.1: it is gone, or its state is unknown'
    // The list lacks it, or could not be read after the service had refused to give it.
    expect([hintsOf(denied), hintsOf(absent(undefined), new Map())]).toEqual([`${gone}.`, `${gone}.`])
    expect([hintsOf(move(denied)), hintsOf(move(absent(undefined)), new Map())]).toEqual([`${gone} (x)`, `${gone} (x)`])
    // What is listed is where the list says.
    const moved = new Map([['a', { ...last, serverId: 'web-2' }]])
    expect([hintsOf(denied, moved), hintsOf(move(denied), moved)]).toEqual(['192.0.2.1 is attached on web-2.', '192.0.2.1 is attached on web-2: not arrived (x)'])
    expect(hintsOf(absent(undefined))).toBe('192.0.2.1 is attached on web-1.')
  })

  test('with a code of another version has 1', () => {
    expect(failureOf(new library.FlexipError('x', {}, { code: 'brand_new' as 'error' }), circumstances)?.exitCode).toBe(exitCodes.failed)
  })

  test('by every code is in the table of the guide', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/command.md'), 'utf8')
    const rows = [...guide.matchAll(/^\| (\d) \| ((?:`[a-z_]+`(?:, )?)+) \|$/gm)].flatMap(([, exitCode, names = '']) => names.replaceAll('`', '').split(', ').map((name) => [name, Number(exitCode)]))
    expect(Object.fromEntries(rows)).toEqual(codesOfErrors)
  })
})

describe('what refuses', () => {
  const refusal = (type: string, status: number) => ({ status: { status, body: { type, message: 'no', details: [] } } })

  test('an attach ends with 3, and a move whose attach is refused after its detach with 6', async () => {
    const { flexip: run, create, emulator } = await world()
    const [a, b] = [await create(), await create('web-1')]
    emulator.addFault({ operation: 'attachFlexibleIP', fault: refusal('invalid_arguments', 400) })
    expect((await run(['attach', 'web-1', a.ipAddress])).code).toBe(exitCodes.refused)
    emulator.addFault({ operation: 'attachFlexibleIP', fault: refusal('invalid_arguments', 400) })
    expect((await run(['failover', 'web-1', 'web-2', b.ipAddress])).code).toBe(exitCodes.incomplete)
  })

  test('an attach for lack of stock ends with 3, although the status is 503: nothing was changed', async () => {
    const { flexip: run, create } = await world()
    const ip = await create()
    const refusing: library.Fetch = (url, init) => (url.endsWith('/attach') ? Promise.resolve(Response.json({ type: 'out_of_stock', message: 'no', resource: 'r' }, { status: 503 })) : fetch(url, init as RequestInit))
    for (const command of ['attach', 'claim']) expect([command, (await run([command, 'web-1', ip.ipAddress, '--timeout', '1m'], { fetch: refusing })).code]).toEqual([command, exitCodes.refused])
  })

  test.each([[401, 3], [403, 3], [429, 7], [500, 7], [418, 1]] as const)('the list of servers with %i ends a command with %i', async (status, code) => {
    const { flexip: run, create } = await world()
    const ip = await create()
    const withoutServers: library.Fetch = (url, init) => (url.includes('/baremetal/') ? Promise.resolve(new Response('{}', { status })) : fetch(url, init as RequestInit))
    for (const args of [['servers', '--json'], ['attach', 'web-1', ip.ipAddress], ['destinations', ip.ipAddress]]) expect([args[0], await run(args, { fetch: withoutServers })]).toMatchObject([args[0], { code }])
  })
})

describe('a refusal has one exit code', () => {
  const types: [number, string, number][] = [
    [400, 'invalid_arguments', 3], [403, 'permissions_denied', 3], [403, 'quotas_exceeded', 3], [409, 'conflict', 3], [409, 'transient_state', 3], [409, 'already_exists', 3],
    [410, 'expired', 3], [412, 'precondition_failed', 3], [423, 'locked', 3], [503, 'out_of_stock', 3], [400, '', 3], [409, '', 3], [423, '', 3], [409, 'out_of_stock', 3], [400, '{}', 1], [409, '{}', 1], [412, '{}', 1], [503, '', 7],
  ]
  test('whether the list of flexible IPs has it or that of servers', async () => {
    const { flexip: run, create } = await world()
    await create('web-1')
    const body = { message: 'no', details: [], resource: 'r', resource_id: 'i', precondition: 'p' }
    for (const [status, type, code] of types) {
      const refusing = (part: string): library.Fetch => (url, init) => (url.includes(part) ? Promise.resolve(new Response(type === '{}' ? type : JSON.stringify({ ...(type !== '' && { type }), ...body }), { status, headers: { 'Content-Type': 'application/json' } })) : fetch(url, init as RequestInit))
      const ends = await Promise.all([[['ls'], '/flexible-ip/'], [['servers'], '/baremetal/'], [['failover', 'web-1', 'web-2'], '/baremetal/']].map(async ([args, part]) => (await run([...(args as string[]), '--zone', 'fr-par-1', '--timeout', '1s'], { fetch: refusing(part as string) })).code))
      // A service that is unavailable is asked again until the time is up.
      expect([status, type, ...ends]).toEqual([status, type, status === 503 && type === '' ? expect.toBeOneOf([5, 7]) : code, code, code])
    }
  })

  test.each([201, 206])('and a good list of servers is taken with %i', async (status) => {
    const { flexip: run } = await world()
    const other: library.Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      return url.includes('/baremetal/') ? new Response(await response.text(), { status, headers: response.headers }) : response
    }
    expect((await run(['servers', '--json'], { fetch: other })).code).toBe(0)
  })
})

describe('the configuration', () => {
  const keys = { SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX', SCW_SECRET_KEY: '11111111-1111-4111-8111-111111111111', HOME: '/nowhere' }

  test('is that of the environment: URL, key, zone and Project', async () => {
    const { url, emulator, client } = await world({ secretKey: keys.SCW_SECRET_KEY })
    const env = { ...keys, SCW_API_URL: url, SCW_DEFAULT_ZONE: 'nl-ams-1', SCW_DEFAULT_PROJECT_ID: emulator.projectId }
    const { code, out } = await flexip(['create', '--json'], { env })
    expect([code, JSON.parse(out)]).toMatchObject([0, { zone: 'nl-ams-1', projectId: emulator.projectId }])
    expect((await client.listFlexibleIPs({ zone: 'nl-ams-1' })).totalCount).toBe(1)
  })

  test('of a file or a profile that an option names must exist: no other account is used instead', async () => {
    const { url, emulator } = await world({ secretKey: keys.SCW_SECRET_KEY })
    const env = { ...keys, SCW_API_URL: url }
    emulator.clearJournal()
    for (const [option = '', value = ''] of [['--config', '/nowhere/x.yaml'], ['--config', ''], ['--profile', 'prod']]) {
      expect(await flexip(['ls', option, value], { env })).toMatchObject({ code: exitCodes.arguments, err: expect.stringMatching(/^error: (the config file "|there is no config file)/) as string })
      if (value !== '') expect((await flexip(['mcp', '--service', option, value], { env })).code).toBe(exitCodes.arguments)
    }
    expect((await flexip(['ocf', 'start'], { env: { ...env, OCF_RESKEY_ips: '192.0.2.1', OCF_RESKEY_config: '/nowhere/x.yaml' } })).code).toBe(2)
    expect(emulator.journal).toEqual([])
    // As for Scaleway's own tools, a file that only the environment names may be missing.
    expect((await flexip(['ls'], { env: { ...env, SCW_CONFIG_PATH: '/nowhere/x.yaml' } })).code).toBe(0)
  })

  test('repeats no key of its file that stands in another field too', async () => {
    const { SCW_ACCESS_KEY, SCW_SECRET_KEY: key } = keys
    const path = join(temporaryFolder(), 'config.yaml')
    const other = key.replace(/^1/, '3')
    for (const line of [`default_zone: ${key}`, `default_region: ${key}`, `default_project_id: ${key}x`, `default_organization_id: x${key.toUpperCase()}`, `active_profile: ${key}`, `default_zone: ${other}`]) {
      writeFileSync(path, `access_key: ${SCW_ACCESS_KEY}\nsecret_key: ${key}\n${line}\nprofiles:\n  old:\n    secret_key: ${other}\n`, { mode: 0o600 })
      for (const args of [['ls'], ['ls', '--json'], ['ocf', 'start']]) {
        const { code, out, err } = await flexip([...args, ...(args[0] === 'ls' ? ['--config', path] : [])], { env: { HOME: '/nowhere', OCF_RESKEY_ips: '192.0.2.1', OCF_RESKEY_config: path } })
        const field = line.slice(0, line.indexOf(':'))
        expect([line, code, out, err]).toEqual([line, 2, '', expect.stringMatching(new RegExp(field.replaceAll('_', '_?'), 'i'))])
        expect(err.toLowerCase()).not.toMatch(/[13]1111111-1111/)
      }
    }
  })

  test('without a key ends with 2, and names the emulator', async () => {
    const { code, err } = await flexip(['ls'], { env: { HOME: '/nowhere' } })
    expect(code).toBe(exitCodes.arguments)
    expect(err).toMatch(/secret_key: there is none[^]*--emulator/)
  })

  test('of the service is never sent to an emulator', async () => {
    const { url } = await world()
    const sent: string[] = []
    const { code } = await flexip(['ls', `--emulator=${url}`], {
      env: keys,
      fetch: (target, init) => {
        sent.push(JSON.stringify(init.headers))
        return fetch(target, init as RequestInit)
      },
    })
    expect([code, sent.length > 0, sent.some((headers) => headers.includes(keys.SCW_SECRET_KEY))]).toEqual([0, true, false])
  })

  test('of an emulator with another key is FLEXIP_SECRET_KEY', async () => {
    const { url } = await world({ secretKey: 'my-own-key' })
    expect((await flexip(['ls', `--emulator=${url}`])).code).toBe(exitCodes.refused)
    expect((await flexip(['ls', `--emulator=${url}`], { env: { FLEXIP_SECRET_KEY: 'my-own-key' } })).code).toBe(0)
  })

  test('that is deprecated is a warning, which is an object with --json', async () => {
    const { url } = await world({ secretKey: keys.SCW_SECRET_KEY })
    const { SCW_SECRET_KEY: SCW_TOKEN, ...others } = keys
    const { code, err } = await flexip(['ls', '--json'], { env: { ...others, SCW_TOKEN, SCW_API_URL: url } })
    expect([code, problemsOf('warning', JSON.parse(err))]).toEqual([0, []])
    expect((await flexip(['ls'], { env: { ...others, SCW_TOKEN, SCW_API_URL: url } })).err).toMatch(/^warning: SCW_TOKEN is deprecated/)
  })
})

describe('no output has', () => {
  const key = '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d'
  const env = { SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX', HOME: '/nowhere' }

  test.each([
    ['--api-url=https://me:pass-word@api.example.org'],
    ['--api-url', 'https://me:pass/word@api.example.org'],
    ['--api-url', 'me:pass-word@api.example.org'],
    ['--emulator=http://me:pass-word@127.0.0.1:1'],
    [`--profile=${key}`],
    ['--profile', key],
    [`--secret-key=${key}`],
    [`--emulator=http://127.0.0.1:1`, `--token=${key}`],
  ])('a secret that stands in the arguments %s', async (...args) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'config.yaml'), `profiles:\n  prod:\n    secret_key: ${key}\n`, { mode: 0o600 })
    for (const json of [[], ['--json']]) {
      const { code, out, err } = await flexip(['ls', ...args, ...json], { env: { ...env, SCW_CONFIG_PATH: join(folder, 'config.yaml') } })
      expect([code, (out + err).includes(key), /pass.word/.test(out + err), err.length > 0]).toEqual([2, false, false, true])
      // The name of a profile is not repeated at all.
      expect(err).toContain(args[0]?.startsWith('--profile') ? 'the option profile' : '[secret]')
    }
  })

  test('a secret that stands in the parameters of the resource agent, or in a setting', async () => {
    for (const [name, value] of [['api_url', 'https://me:pass-word@api.example.org'], ['profile', key]]) {
      const { code, err } = await flexip(['ocf', 'validate-all'], { env: { ...env, SCW_SECRET_KEY: key, OCF_RESKEY_ips: '192.0.2.1', OCF_CHECK_LEVEL: '10', SCW_CONFIG_PATH: '/dev/null', [`OCF_RESKEY_${name}`]: value } })
      expect([code !== 0, err.includes(key), err.includes('pass-word')]).toEqual([true, false, false])
    }
    expect((await flexip(['emulator', '--set', `secretKey=${key}`])).err).not.toContain(key)
  })

  test('the key of the environment or of the config file in results, and no plan is written with it', async () => {
    const { url, create } = await world({ secretKey: key })
    const ip = await create(undefined, { description: `my ${key}`, tags: ['bearer 12345'] })
    const folder = temporaryFolder()
    const config = join(folder, 'config.yaml')
    writeFileSync(config, `access_key: SCWXXXXXXXXXXXXXXXXX\nsecret_key: ${key}\n`, { mode: 0o600 })
    for (const options of [{ env: { ...env, SCW_SECRET_KEY: key } }, { env: { ...env, SCW_CONFIG_PATH: config } }]) {
      for (const command of [['ls'], ['ls', '--json'], ['get', ip.ipAddress]]) {
        const { code, out } = await flexip([...command, '--api-url', url], options)
        expect([code, out.includes(key), out.includes('my [secret]'), out.includes('bearer 12345')]).toEqual([0, false, true, true])
      }
      const plan = join(folder, 'plan.json')
      const readInput = () => Promise.resolve(`flexibleIps: [{ ip: ${ip.ipAddress}, tags: [x] }]`)
      expect((await flexip(['plan', '-', '--out', plan, '--api-url', url], { ...options, readInput })).code).toBe(exitCodes.refused)
      expect(existsSync(plan)).toBe(false)
    }
  })
})
