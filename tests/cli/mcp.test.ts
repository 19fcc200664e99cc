// The MCP server, as the official SDK's own client sees it over the standard input and output of the built command.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { FlexibleIpClient } from '../../js/index.js'
import { cli, start, temporaryFolder } from '../server/support/served.js'
import { problemsOf } from './json-schema.js'
import { flexip } from './support.js'

type Result = Record<string, unknown> & { isError: boolean }
interface Plan {
  id: string
  command: string
  steps: Record<string, unknown>[]
  seen: { address: string }[]
}

/** The server of the command with these arguments. */
async function connect(...args: string[]) {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StdioClientTransport({ command: process.execPath, args: [cli, 'mcp', ...args], stderr: 'pipe' })
  await client.connect(transport)
  onTestFinished(() => client.close())
  const call = async (name: string, values: Record<string, unknown> = {}): Promise<Result> => {
    const { structuredContent, isError = false, content } = await client.callTool({ name, arguments: values })
    expect(JSON.parse((content as { text: string }[])[0]?.text ?? '')).toEqual(structuredContent)
    return { ...(structuredContent as Record<string, unknown>), isError: isError === true }
  }
  const plan = async (name: string, values: Record<string, unknown>): Promise<Plan> => {
    const { plan: made, ...others } = await call(`plan_${name}`, values)
    expect(others).toEqual({ isError: false })
    return made as Plan
  }
  return { client, transport, call, plan }
}

/** An emulator on a port with servers web-1 and web-2 and two flexible IPs on web-1, and the server for it. */
async function world(args: string[] = [], timing = 'instant') {
  const ready = await start('--timing', timing, '--server', 'fr-par-1/web-1', '--server', 'fr-par-1/web-2')
  const [web1 = '', web2 = ''] = ready.servers.map(({ id }) => id)
  const api = new FlexibleIpClient({ secretKey: ready.secretKey, baseUrl: ready.url, defaultZone: 'fr-par-1', defaultProjectId: ready.projectId })
  const ips = [await api.createAndAttach({ serverId: web1, tags: ['vip'] }), await api.createAndAttach({ serverId: web1 })]
  const addresses = ips.map(({ ipAddress }) => ipAddress)
  return { ...(await connect('--emulator', ready.url, ...args)), api, ips, addresses, web1, web2, url: ready.url }
}

/** The server of the command, without the SDK: its lines as they are. */
function spawned(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, 'mcp', ...args], { env: { PATH: process.env.PATH, HOME: '/nowhere', ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [lines, waiting] = [new Map<number, string>(), new Map<number, (line: string) => void>()]
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id } = JSON.parse(line) as { id: number }
    lines.set(id, line)
    waiting.get(id)?.(line)
  })
  let err = ''
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  const ended = new Promise<{ code: number | null; err: string }>((resolve) => child.once('close', (code) => resolve({ code, err })))
  let last = 0
  const request = (method: string, params: object) => {
    const id = (last += 1)
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    return new Promise<string>((resolve) => waiting.set(id, resolve))
  }
  const call = (name: string, values: object) => request('tools/call', { name, arguments: values })
  const begin = () => request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } })
  return { child, begin, call, ended }
}

const errorOf = ({ messages }: Result) => (messages as { error: { message: string; exitCode: number; hints: string[] } }[])[0]?.error

describe('flexip mcp', { timeout: 120_000 }, () => {
  test('without arguments serves example data, reads, and has no tool that changes anything', async () => {
    const { client, call } = await connect()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['list_flexible_ips', 'get_flexible_ips', 'where_flexible_ips', 'list_destinations', 'list_servers', 'plan_failover', 'plan_attach', 'plan_detach', 'plan_create', 'plan_delete', 'plan_mac'])
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([])
    expect(await call('list_servers')).toMatchObject({ results: [{ name: 'web-1', zone: 'fr-par-1' }, { name: 'web-2' }, { name: 'db-1', zone: 'nl-ams-1' }] })
    const { results } = await call('list_flexible_ips', { ips: ['tag:db'] })
    expect(results).toMatchObject([{ serverName: 'db-1', zone: 'nl-ams-1', status: 'attached' }])
    expect(await call('apply_plan', { id: 'x' })).toMatchObject({ isError: true, messages: [{ error: { message: 'this server only reads', exitCode: 2 } }] })
  })

  test('the guide has every tool with its fields', async () => {
    const { client } = await connect('--write')
    const { tools } = await client.listTools()
    const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/mcp.md'), 'utf8')
    const rows = [...guide.matchAll(/^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|/gm)].map(([, name, fields = '']) => [name, fields.replaceAll('`', '').split(', ')])
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {})])))
  })

  test('each tool that reads returns what the command prints', async () => {
    const { call, addresses } = await world()
    const reads: [string, object, string, number][] = [
      ['list_flexible_ips', {}, 'flexibleIp', 2],
      ['list_flexible_ips', { zone: 'nl-ams-1' }, 'flexibleIp', 0],
      ['list_flexible_ips', { status: 'attached', ips: ['tag:vip'] }, 'flexibleIp', 1],
      ['get_flexible_ips', { ips: addresses }, 'flexibleIp', 2],
      ['where_flexible_ips', { ips: addresses }, 'flexibleIp', 2],
      ['list_destinations', { ips: addresses }, 'destination', 2],
      ['list_servers', { zone: 'fr-par-1' }, 'server', 2],
    ]
    for (const [name, values, schema, count] of reads) {
      const { results, isError } = await call(name, { ...values })
      expect([name, isError, (results as unknown[]).length]).toEqual([name, false, count])
      expect((results as unknown[]).flatMap((item) => problemsOf(schema, item))).toEqual([])
    }
  })

  test('a plan changes nothing, and its change is made by apply_plan, once', async () => {
    const { plan, call, api, ips, addresses, web1, web2 } = await world(['--write'])
    const made = await plan('failover', { from: 'web-1', to: 'web-2' })
    expect(made).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{64}$/) as string, command: 'flexip failover web-1 web-2' })
    expect(made.steps.map(({ action }) => action)).toEqual(['detach', 'attach', 'detach', 'attach'])
    expect(made.steps.flatMap((step) => problemsOf('step', step))).toEqual([])
    expect(made.seen.map(({ address }) => address).sort()).toEqual([...addresses].sort())
    const places = async () => Promise.all(ips.map(async ({ id }) => (await api.getFlexibleIP({ fipId: id })).serverId))
    expect(await places()).toEqual([web1, web1])
    const { results, isError } = await call('apply_plan', { id: made.id })
    expect([isError, (results as { serverName: string }[]).map(({ serverName }) => serverName)]).toEqual([false, ['web-2', 'web-2']])
    expect(await places()).toEqual([web2, web2])
    expect(errorOf(await call('apply_plan', { id: made.id }))).toMatchObject({ exitCode: 2, message: `there is no plan "${made.id.slice(0, 60)}…"` })
  })

  test('a plan is refused when its flexible IPs have changed since, and changes elsewhere do not matter', async () => {
    const { plan, call, api, ips, web1 } = await world(['--write'])
    const [first, second] = ips
    const stale = await plan('delete', { ips: ['tag:vip'] })
    await api.updateFlexibleIP({ fipId: first?.id ?? '', description: 'in use' })
    const refusal = errorOf(await call('apply_plan', { id: stale.id }))
    expect([refusal?.exitCode, refusal?.message, refusal?.hints[0]?.includes('in use')]).toEqual([3, 'the plan is stale: what it was made of has changed', true])
    expect((await api.getFlexibleIP({ fipId: first?.id ?? '' })).serverId).toBe(web1)
    // The same for what a server has: the steps are others now.
    const move = await plan('failover', { from: 'web-1', to: 'web-2' })
    await api.createAndAttach({ serverId: web1 })
    expect(errorOf(await call('apply_plan', { id: move.id }))?.message).toContain('stale')
    const fresh = await plan('delete', { ips: ['tag:vip'] })
    await api.updateFlexibleIP({ fipId: second?.id ?? '', description: 'other' })
    expect(await call('apply_plan', { id: fresh.id })).toMatchObject({ isError: false, results: [{ id: first?.id, deleted: true }] })
  })

  test('plans of every kind can be applied', async () => {
    const { plan, call, addresses } = await world(['--write'])
    const [a = '', b = ''] = addresses
    const apply = async (name: string, values: Record<string, unknown>) => {
      const { results, isError } = await call('apply_plan', { id: (await plan(name, values)).id })
      expect([name, isError]).toEqual([name, false])
      return results as { address: string; serverName: string | null; mac: { type: string } | null; tags: string[]; zone: string; deleted?: boolean }[]
    }
    expect(await apply('create', { zone: 'nl-ams-1', tags: ['x', 'y'], description: '--yes' })).toMatchObject([{ zone: 'nl-ams-1', tags: ['x', 'y'], description: '--yes' }])
    expect(await apply('mac', { action: 'generate', ips: [a], type: 'xen' })).toMatchObject([{ address: a, mac: { type: 'xen' } }])
    expect(await apply('mac', { action: 'duplicate', from: a, ips: [b] })).toMatchObject([{ address: b, mac: { type: 'xen' } }])
    expect(await apply('mac', { action: 'delete', ips: [b] })).toMatchObject([{ address: b, mac: null }])
    expect(await apply('mac', { action: 'move', from: a, ips: [b] })).toMatchObject([{ address: b, mac: { type: 'xen' } }])
    expect(await apply('detach', { ips: [a] })).toMatchObject([{ address: a, serverName: null }])
    expect(await apply('attach', { server: 'web-2', ips: [a] })).toMatchObject([{ address: a, serverName: 'web-2' }])
    expect(await apply('delete', { ips: ['tag:x'] })).toMatchObject([{ zone: 'nl-ams-1', deleted: true }])
  })

  test('a call that is cancelled sends no further change', async () => {
    const { client, plan, call, api, ips } = await world(['--write'], '{"detach":2000}')
    const [first] = ips
    const fipId = first?.id ?? ''
    const { id } = await plan('failover', { from: 'web-1', to: 'web-2', ips: ['tag:vip'] })
    const controller = new AbortController()
    const applied = client.callTool({ name: 'apply_plan', arguments: { id } }, undefined, { signal: controller.signal })
    while ((await api.getFlexibleIP({ fipId })).status !== 'detaching');
    controller.abort()
    await expect(applied).rejects.toThrow()
    // Plans are applied one after the other: this call comes after the end of the first.
    expect(errorOf(await call('apply_plan', { id }))?.message).toContain('there is no plan')
    const { status, serverId } = await api.waitForFlexibleIP({ fipId })
    expect([status, serverId]).toEqual(['ready', undefined])
    expect(await call('where_flexible_ips', { ips: ['tag:vip'] })).toMatchObject({ isError: false, results: [{ status: 'ready', serverId: null }] })
  })

  test('what is wrong is said, with the exit code of the command', async () => {
    const { call } = await world(['--write'])
    const wrong: [string, Record<string, unknown>, number, RegExp][] = [
      ['get_flexible_ips', {}, 2, /the field ips is missing/],
      ['get_flexible_ips', { ips: [] }, 2, /at least 1/],
      ['get_flexible_ips', { ips: '51.159.1.2' }, 2, /the field ips is wrong.*a list of texts/],
      ['get_flexible_ips', { ips: ['--config=/etc/passwd'] }, 2, /names no flexible IP/],
      ['get_flexible_ips', { ips: ['9.9.9.9'] }, 8, /there is no flexible IP/],
      ['list_flexible_ips', { zone: 'mars' }, 2, /fr-par-1, fr-par-2/],
      ['list_flexible_ips', { status: 'none' }, 2, /status/],
      ['list_flexible_ips', { __proto__x: 1 }, 2, /there is no field/],
      ['plan_create', { zone: 'fr-par-1', count: 65 }, 2, /from 1 to 64/],
      ['plan_create', { zone: 'fr-par-1', ipv6: 'yes' }, 2, /true or false/],
      ['plan_failover', { from: 'web-1', to: 'web-9' }, 8, /there is no server/],
      ['plan_mac', { action: 'duplicate', ips: ['tag:vip'] }, 2, /the field from is missing/],
      ['plan_mac', { action: 'steal', ips: ['tag:vip'] }, 2, /generate, duplicate, move, delete/],
      ['apply_plan', { id: 'x' }, 2, /there is no plan/],
      ['rm', {}, 2, /there is no tool .*apply_plan/],
    ]
    for (const [name, values, exitCode, message] of wrong) {
      const result = await call(name, values)
      expect([name, values, result.isError, result.exitCode]).toEqual([name, values, true, exitCode])
      expect(JSON.stringify(result.messages)).toMatch(message)
    }
  })

  test('ends with 0 when its client goes, and its standard output is the protocol only', () => {
    const request = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } } }
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'mcp'], { encoding: 'utf8', input: `${JSON.stringify(request)}\n`, timeout: 60_000 })
    expect([status, stdout.trim().split('\n').map((line) => (JSON.parse(line) as { id: number }).id)]).toEqual([0, [1]])
    expect(stderr).toBe('flexip mcp: an emulator with example data, read only\n')
  })

  test('no line has a key, or a character that is not seen', async () => {
    const key = '11111111-1111-4111-8111-111111111111'
    const { begin, call, child, ended } = spawned(['--write'], { SCW_SECRET_KEY: key })
    await begin()
    const lines = [await call('plan_create', { zone: 'fr-par-1', description: key }), await call('apply_plan', { id: key }), await call(key, {}), await call('plan_create', { zone: 'fr-par-1', description: '\u009b31m\u202eevil' }), await call('get_flexible_ips', { ips: ['x\u009b31m\u202e'] })]
    for (const line of lines.slice(0, 3)) expect([line.includes('[secret]'), line.includes('11111111-1111')]).toEqual([true, false])
    for (const line of lines.slice(3)) expect([/\\u009b31m\\u202e/.test(line), /[\u0080-\u009f\u202e]/.test(line)]).toEqual([true, false])
    child.stdin.end()
    expect((await ended).code).toBe(0)
  })

  test.each([['SIGTERM', 143], ['SIGINT', 130], ['SIGHUP', 129], ['end', 6]] as const)('%s in the midst of a change sends no further one, says what is where, and ends with %i', async (how, code) => {
    const { api, ips, url } = await world([], '{"detach":2000}')
    const [first] = ips
    const { begin, call, child, ended } = spawned(['--emulator', url, '--write'])
    await begin()
    const { result } = JSON.parse(await call('plan_failover', { from: 'web-1', to: 'web-2', ips: ['tag:vip'] })) as { result: { structuredContent: { plan: Plan } } }
    const applied = call('apply_plan', { id: result.structuredContent.plan.id })
    while ((await api.getFlexibleIP({ fipId: first?.id ?? '' })).status !== 'detaching');
    if (how === 'end') child.stdin.end()
    else child.kill(how)
    expect(JSON.parse(await applied)).toMatchObject({ result: { isError: true, structuredContent: { exitCode: 130 } } })
    expect(await ended).toEqual({ code, err: expect.stringMatching(new RegExp(`${first?.ipAddress} is (detaching|on no server).*: not arrived[^]*To go on: flexip claim `)) as string })
    expect((await api.waitForFlexibleIP({ fipId: first?.id ?? '' })).serverId).toBeUndefined()
  })

  test('without the SDK it says what to install, and the other commands work', () => {
    const folder = temporaryFolder()
    cpSync(join(cli, '..'), join(folder, 'pkg'), { recursive: true })
    const run = (...args: string[]) => spawnSync(process.execPath, [join(folder, 'pkg/cli.js'), ...args], { encoding: 'utf8', input: '', timeout: 60_000 })
    expect(run('mcp')).toMatchObject({ status: 2, stdout: '', stderr: 'error: the package @modelcontextprotocol/sdk is missing\nInstall it beside flexip: npm install @modelcontextprotocol/sdk\n' })
    expect(run('servers', '--emulator').status).toBe(0)
  })
})

test.each([
  [['--write', '--read-only'], '--write and --read-only exclude each other'],
  [['--json'], '--json is not for mcp'],
  [['--profile', 'prod'], 'Add --service'],
  [['--service', '--emulator'], '--service and --emulator exclude each other'],
])('flexip mcp refuses %j', async (args, message) => {
  expect(await flexip(['mcp', ...args])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) as string })
})
