// The command, in a separate process.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { readFaultFile } from 'flexip/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { send } from './support/http.js'
import { api, spawnCli, temporaryFolder, start } from './support/served.js'

/** Runs the command until it exits. */
async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawnCli(args)
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  child.stdout?.on('data', (part: Buffer) => (out += part.toString()))
  const { code } = await child.ended
  return { code, out, err: child.errors() }
}

describe('flexip emulator', () => {
  test('prints one line with its URL, keys and servers, and serves there', async () => {
    const served = await start('--seed', '7', '--server', 'fr-par-1/web-1', '--server', 'nl-ams-1/db/1')
    expect(served).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string, servers: expect.arrayContaining([expect.objectContaining({ name: 'web-1', zone: 'fr-par-1' }), expect.objectContaining({ name: 'db/1', zone: 'nl-ams-1' })]) as unknown })
    const { body } = await api(served).create({ server_id: served.servers.find(({ name }) => name === 'web-1')?.id })
    expect(body).toMatchObject({ project_id: served.projectId, organization_id: served.organizationId })
  })

  test('prints the same as text without --json', async () => {
    const child = spawnCli(['emulator', '--port', '0', '--server', 'fr-par-1/web-1'])
    onTestFinished(() => void child.kill('SIGKILL'))
    let out = ''
    await new Promise<void>((resolve) => child.stdout?.on('data', (part: Buffer) => (out += part.toString()).includes('Ctrl+C') && resolve()))
    expect(out).toMatch(/url +http:\/\/127\.0\.0\.1:\d+\n +secret key +\S{36}\n +project +\S{36}\n +organization +\S{36}\n +server +\S{36} +fr-par-1\/web-1\n/)
    child.kill('SIGINT')
    expect((await child.ended).code).toBe(0)
  })

  test('takes settings, a manual clock, and a secret key from the environment', async () => {
    const child = spawnCli(['emulator', '--port', '0', '--json', '--clock', 'manual', '--timing', '{"attach":3000}', '--set', 'goneIp=notFound', '--set', 'quota=1', '--set', 'requireToken=false'], { FLEXIP_SECRET_KEY: 'my-own-key' })
    onTestFinished(() => void child.kill('SIGKILL'))
    const line = await new Promise<string>((resolve) => child.stdout?.once('data', (part: Buffer) => resolve(part.toString())))
    const served = JSON.parse(line) as Awaited<ReturnType<typeof start>>
    expect(served.secretKey).toBe('my-own-key')
    const { create, call } = api(served)
    expect((await send(`${served.url}/flexible-ip/v1alpha1/zones/fr-par-1/fips`)).status).toBe(200)
    const { id } = (await create()).body
    expect((await create()).status).toBe(403)
    await call('DELETE', `/${id}`)
    expect((await call('GET', `/${id}`)).status).toBe(404)
    expect(JSON.parse((await send(`${served.url}/_emulator/clock`, { headers: { 'X-Auth-Token': 'my-own-key' } })).body.toString())).toMatchObject({ kind: 'manual' })
  })

  test('takes fault rules from a file, and does not add them again to a state that has them', async () => {
    const folder = temporaryFolder()
    const [data, faults] = [join(folder, 'state.json'), join(folder, 'faults.json')]
    writeFileSync(faults, '[\n  { "operation": "createFlexibleIP", "nth": 2, "fault": { "late": { "ms": 300 } } },\n  { "operation": "listFlexibleIPs", "fault": { "retryAfter": { "form": "huge" } } }\n]\n')
    const first = await start('--data', data, '--faults', faults)
    const list = async ({ url }: { url: string }) => JSON.parse((await send(`${url}/_emulator/faults`)).body.toString()) as { id: number; injections: number }[]
    const listed = await send(`${first.url}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, { headers: { 'X-Auth-Token': first.secretKey } })
    expect([listed.status, listed.headers['retry-after']]).toEqual([429, '99999999999999999999'])
    await first.kill('SIGKILL')
    const second = await start('--data', data, '--faults', faults)
    expect(await list(second)).toMatchObject([{ id: 1, injections: 0 }, { id: 2, injections: 1 }])
    await send(`${second.url}/_emulator/faults/1`, { method: 'DELETE' })
    await second.kill('SIGKILL')
    expect(await list(await start('--data', data))).toMatchObject([{ id: 2 }])
  })

  test('takes the fault file of the guide', async () => {
    const guide = readFileSync(new URL('../../docs/guides/emulator.md', import.meta.url), 'utf8')
    const [, example = ''] = /```json faults\.json\n([^]*?)```/.exec(guide) ?? []
    const file = join(temporaryFolder(), 'faults.json')
    writeFileSync(file, example)
    const { url } = await start('--faults', file)
    const listed = JSON.parse((await send(`${url}/_emulator/faults`)).body.toString()) as { rule: unknown }[]
    expect(listed.map(({ rule }) => rule)).toMatchObject(JSON.parse(example) as object[])
    expect(listed).toHaveLength(3)
  })

  test.each<[string, RegExp]>([
    ['[\n{"fault":"gzip"},\n{"fault":"gzip","nht":1}\n]', /^error: \S+faults\.json: .*unknown field `nht`.* line 3 column \d+$/m],
    ['[\n{"fault":"gzip"},\n{"fault":"gzip","operation":"list"}\n]', /faults\.json: rule 2 of the list: there is no operation "list"$/m],
    ['[{"fault":"gzip"}\n{"fault":"gzip"}]', /faults\.json: .*expected `,` or `\]` at line 2 column 1$/m],
    ['{"fault":"gzip"}', /faults\.json: .*expected a sequence at line 1/],
    ['', /faults\.json: .*EOF/],
    ['[{"fault":"gzip"},{"fault":{"status":{"status":200,"headers":{"Connection":"close"}}}}]', /faults\.json: rule 2 of the list\.fault\.status\.headers must not have Connection: it belongs to the connection/],
    ['[{"fault":{"status":{"status":200,"headers":{"Content-Encoding":"br"}}}}]', /faults\.json: rule 1 of the list\.fault\.status\.headers must not have Content-Encoding/],
  ])('refuses the fault file %j by its name and line', async (text, message) => {
    const file = join(temporaryFolder(), 'faults.json')
    writeFileSync(file, text)
    const { code, out, err } = await run('emulator', '--port', '0', '--faults', file)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('stops at %s after the open requests have their responses', async (signal) => {
    const served = await start('--clock', 'manual')
    const control = (path: string, body: string) => send(`${served.url}/_emulator/${path}`, { method: 'POST', body, agent: false })
    await control('faults', '{"nth":1,"fault":{"delay":1000}}')
    const pending = api(served).create()
    const isUnderWay = async () => (JSON.parse((await send(`${served.url}/_emulator/journal`)).body.toString()) as unknown[]).length === 1
    while (!(await isUnderWay()));
    // The request that moves the clock is half sent before the signal, and completed after it.
    const { hostname, port } = new URL(served.url)
    const half = connect(Number(port), hostname)
    half.write('POST /_emulator/clock HTTP/1.1\r\nHost: localhost\r\nUser-Agent: flexip-tests\r\nContent-Length: 18\r\n\r\n{"advanceMs":')
    await new Promise((resolve) => half.once('connect', resolve))
    await send(`${served.url}/_emulator/health`, { agent: false })
    const ended = served.kill(signal)
    while (await send(`${served.url}/_emulator/health`, { agent: false }).then(() => true, () => false));
    half.write('1000}')
    expect((await pending).status).toBe(200)
    expect(await ended).toEqual({ code: 0, signal: null })
  })

  test('has its state after kill -9, and its lock ends with the process', async () => {
    const data = join(temporaryFolder(), 'state.json')
    const first = await start('--data', data)
    await api(first).create({ description: 'stored' })
    const second = await run('emulator', '--port', '0', '--data', data)
    expect(second).toMatchObject({ code: 2, err: `error: ${data} is in use by another process (${first.child.pid})\n` })
    await first.kill('SIGKILL')
    const third = await start('--data', data)
    expect((await api(third).call('GET', '')).body.flexible_ips).toMatchObject([{ description: 'stored' }])
    expect(await third.kill('SIGTERM')).toEqual({ code: 0, signal: null })
  })
})

describe('an invalid argument ends with exit code 2, and a line with the argument, the mistake and what is allowed:', () => {
  test.each<[string[], RegExp]>([
    [['emulator', '--port', 'x'], /--port <number>' argument 'x' is invalid\. Allowed is a whole number from 0 to 65535/],
    [['emulator', '--port', '65536'], /from 0 to 65535/],
    [['emulator', '--seed', '-1'], /--seed .*whole number from 0/],
    [['emulator', '--clock', 'slow'], /--clock .*Allowed choices are real, manual/],
    [['emulator', '--timing', 'slow'], /--timing .*instant, recorded, and JSON/],
    [['emulator', '--timing', '{"attch":1}'], /error: /],
    [['emulator', '--server', 'web-1'], /--server .*a zone, a slash and a name, such as fr-par-1\/web-1\. The zones are fr-par-1/],
    [['emulator', '--server', 'mars/web-1'], /The zones are fr-par-1/],
    [['emulator', '--set', 'quota'], /--set .*a name, an equals sign and a value/],
    [['emulator', '--set', 'secretKey=x'], /use FLEXIP_SECRET_KEY/],
    [['emulator', '--set', 'quoat=1'], /quoat/],
    [['emulator', '--set', 'host=0.0.0.0'], /--set .*Use --host\./],
    [['emulator', '--set', 'logBytes=1'], /--set .*Use --log-size\./],
    [['emulator', '--set', 'limits={"headers":1}'], /--set .*Only serveEmulator has this option\./],
    [['emulator', '--population', '5', '--population', 'fr-par-1=2'], /A number for all zones stands alone/],
    [['emulator', '--population', 'fr-par-1=2', '--population', '5'], /A number for all zones stands alone/],
    [['emulator', '--population', 'fr-par-1=1', '--population', 'fr-par-1=2'], /The zone fr-par-1 has a number already/],
    [['emulator', '--sever', 'x'], /unknown option '--sever'\n\(Did you mean --server\?\)/],
    [['emulator', 'extra'], /too many arguments/],
    [['emulate'], /unknown command 'emulate'/],
    [[], /Usage: flexip/],
    [['emulator', '--host', ''], /host must be an address or a name of this machine, such as 127\.0\.0\.1; found ""/],
    [['emulator', '--host', 'nowhere.invalid'], /host must be an address or a name of this machine.*found nowhere\.invalid/],
    [['emulator', '--host', '0.0.0.0'], /other machines can reach the host 0\.0\.0\.0, and the secret key is public.* FLEXIP_SECRET_KEY/],
    [['emulator', '--host', '::'], /other machines can reach the host ::/],
    [['emulator', '--faults', '/nowhere/faults.json'], /\/nowhere\/faults\.json cannot be read: ENOENT/],
    [['emulator', '--data', '/nowhere/state.json'], /no state can be saved in \/nowhere\/state\.json/],
  ])('%j', async (args, message) => {
    const { code, out, err } = await run(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect(err).not.toMatch(/^ +at /m)
  })

  test.each(['', '   ', 'abc'])('the secret key %j in the environment is refused, and not replaced by the known one', async (key) => {
    const child = spawnCli(['emulator', '--port', '0', '--json'], { FLEXIP_SECRET_KEY: key })
    expect(await child.ended).toMatchObject({ code: 2 })
    expect(JSON.parse(child.errors())).toMatchObject({ error: { exitCode: 2, message: expect.stringMatching(/secretKey must have 4 or more visible ASCII characters/) as string } })
  })

  test('a host beyond loopback with the key of the seed in the environment is refused, and no state is made', async () => {
    const { secretKey } = await start()
    const data = join(temporaryFolder(), 'state.json')
    for (const key of [secretKey, undefined]) {
      const child = spawnCli(['emulator', '--port', '0', '--host', '0.0.0.0', ...(key ? [] : ['--data', data])], key ? { FLEXIP_SECRET_KEY: key } : {})
      expect(await child.ended).toMatchObject({ code: 2 })
      expect(child.errors()).toMatch(/the secret key is public/)
    }
    expect(existsSync(data)).toBe(false)
  })

  test('a port in use ends with exit code 1', async () => {
    const { url } = await start()
    const { port } = new URL(url)
    for (const args of [['emulator'], ['record', '--upstream', url, '--to', join(temporaryFolder(), 'session.jsonl')]]) {
      const { code, err } = await run(...args, '--port', port)
      expect([code, err]).toEqual([1, `error: port ${port} of 127.0.0.1 cannot be listened on: it is in use by another program; name another, or 0 for a free one (EADDRINUSE)\n`])
    }
  })
})

test('a file of fault rules is UTF-8, with or without a mark at its beginning, and is refused by its name otherwise', () => {
  const file = join(temporaryFolder(), 'faults.json')
  const rules = [{ fault: { status: { status: 500, body: { message: 'réponse' } } } }]
  for (const mark of ['', '\uFEFF']) {
    writeFileSync(file, mark + JSON.stringify(rules))
    expect(readFaultFile(file)).toEqual(rules)
  }
  writeFileSync(file, JSON.stringify(rules), 'latin1')
  expect(() => readFaultFile(file)).toThrow(`${file} cannot be read: it is not UTF-8`)
})

test('--help lists every argument, --version prints the version', async () => {
  const help = await run('emulator', '--help')
  expect(help.code).toBe(0)
  for (const name of ['port', 'host', 'data', 'seed', 'timing', 'clock', 'server', 'faults', 'set', 'log-size', 'json', 'help']) expect(help.out).toContain(`--${name}`)
  expect(await run('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' })
  expect((await run('--help')).out).toContain('emulator')
})
