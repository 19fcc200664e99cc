// flexip ocf, against an emulator on a port and a shell that knows one interface. tests/network/ has Pacemaker's own tester.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { run } from '../../js/cli/program.js'
import { testIo, world } from './support.js'

/** A node of a cluster: its interface, its folder for markers, and its API. */
async function node(parameters: Record<string, string> = {}) {
  const inner = await world()
  const ip = await inner.create('web-1', { tags: ['vip'] })
  const folder = mkdtempSync(join(tmpdir(), 'flexip-ocf-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const addresses = new Set<string>()
  const requests: string[] = []
  const state = { up: true, canWrite: true, respond: (_url: string, _init: Parameters<Fetch>[1]): Response | undefined => undefined, folder, addresses, requests }
  const shell = (command: string): Promise<number> => {
    const [, verb = '', address = ''] = /^ip (?:-oneline )?address (\w+) (?:dev eth0 to )?(\S+)/.exec(command) ?? []
    if (verb === 'show') return Promise.resolve(addresses.has(address) ? 0 : 1)
    if (verb === 'replace' || verb === 'delete') {
      if (!state.canWrite) return Promise.resolve(2)
      if (verb === 'replace') addresses.add(address)
      else addresses.delete(address)
      return Promise.resolve(0)
    }
    return Promise.resolve(/dev (?!eth0)/.test(command) ? 1 : 0)
  }
  const fetch: Fetch = (url, init) => {
    requests.push(`${init.method} ${new URL(url).pathname}`)
    const response = state.respond(url, init)
    if (response) return Promise.resolve(response)
    return state.up ? globalThis.fetch(url, init as RequestInit) : Promise.reject(new TypeError('fetch failed'))
  }
  const call = async (action: string, overrides: Record<string, string | undefined> = {}) => {
    const all: Record<string, string> = { ips: ip.ipAddress, server: 'web-2', interface: 'eth0', api_url: inner.url, ...parameters }
    const env: Record<string, string | undefined> = { HA_RSCTMP: folder, OCF_RESOURCE_INSTANCE: 'vip', SCW_CONFIG_PATH: join(folder, 'none.yaml'), SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX', SCW_SECRET_KEY: inner.emulator.secretKey, SCW_DEFAULT_PROJECT_ID: inner.emulator.projectId }
    for (const [name, value] of Object.entries(all)) env[`OCF_RESKEY_${name}`] = value
    const io = testIo({ env: { ...env, ...overrides }, shell, fetch })
    return { code: await run(['ocf', action], io), ...io.printed }
  }
  const server = async () => (await inner.read(ip)).serverId
  return { ...inner, ...state, state, ip, call, server }
}

test('start returns when the flexible IP is attached and the address is there; it can be repeated', async () => {
  const { call, server, serverId, addresses, ip, requests } = await node()
  expect((await call('monitor')).code).toBe(7)
  expect((await call('start')).code).toBe(0)
  expect([await server(), [...addresses]]).toEqual([serverId('web-2'), [`${ip.ipAddress}/32`]])
  expect((await call('monitor')).code).toBe(0)
  const changes = requests.filter((request) => !request.startsWith('GET')).length
  expect((await call('start')).code).toBe(0)
  expect(requests.filter((request) => !request.startsWith('GET'))).toHaveLength(changes)
})

test('start fails with 2 and takes the flexible IP off its server once when the node has no such server, also if the key may not ask for it', async () => {
  const { call, state, server, serverId, requests } = await node({ server: '99999999-9999-4999-8999-999999999999', zone: 'fr-par-1' })
  state.respond = (url) => (url.includes('/baremetal/') ? Response.json({ type: 'permissions_denied', message: 'no', details: [] }, { status: 403 }) : undefined)
  expect((await call('start')).code).toBe(2)
  expect([requests.filter((request) => request.endsWith('/detach')).length, await server()]).toEqual([1, serverId('web-1')])
})

test('start moves nothing when a word of ips names nothing', async () => {
  const { call, server, serverId, ip } = await node()
  expect([(await call('start', { OCF_RESKEY_ips: `${ip.ipAddress} 203.0.113.9` })).code, await server()]).toEqual([2, serverId('web-1')])
})

test('a time that Pacemaker gives and no call can have does not ban the node', async () => {
  const { call } = await node()
  for (const time of ['99999999999999999', '1e300', '-5', 'abc']) expect([time, (await call('start', { OCF_RESKEY_CRM_meta_timeout: time })).code]).toEqual([time, 0])
})

test('stop makes no request, needs no parameters, can be repeated, and leaves the flexible IP where it is', async () => {
  const { call, state, server, serverId, addresses, requests } = await node()
  await call('start')
  state.up = false
  const before = requests.length
  const bare = { OCF_RESKEY_ips: undefined, OCF_RESKEY_interface: undefined, OCF_RESKEY_server: undefined }
  expect((await call('stop', bare)).code).toBe(0)
  expect([addresses.size, requests.length]).toEqual([0, before])
  expect((await call('stop', bare)).code).toBe(0)
  expect((await call('monitor')).code).toBe(7)
  expect(await server()).toBe(serverId('web-2'))
})

test('monitor keeps its last knowledge while the API is out of reach or refuses the key', async () => {
  const { call, state, client, ip, serverId } = await node()
  await call('start')
  state.up = false
  expect(await call('monitor')).toMatchObject({ code: 0, err: expect.stringContaining('the last knowledge counts') as string })
  state.up = true
  expect((await call('monitor', { SCW_SECRET_KEY: '22222222-2222-2222-2222-222222222222' })).code).toBe(0)
  await client.ensureAttached({ zone: ip.zone, serverId: serverId('web-1'), fipsIds: [ip.id] })
  expect(await call('monitor')).toMatchObject({ code: 1, err: expect.stringContaining('not on this server') as string })
  state.up = false
  expect((await call('monitor')).code).toBe(1)
  state.up = true
  expect((await call('start')).code).toBe(0)
  expect((await call('monitor')).code).toBe(0)
})

test('monitor without the API makes no request', async () => {
  const { call, requests } = await node({ monitor_api: 'false' })
  await call('start')
  const before = requests.length
  expect((await call('monitor')).code).toBe(0)
  expect(requests).toHaveLength(before)
})

test('monitor says failed, and not stopped, when the address is missing while the marker is there', async () => {
  const { call, addresses } = await node()
  await call('start')
  addresses.clear()
  expect((await call('monitor')).code).toBe(1)
  expect((await call('start')).code).toBe(0)
  expect((await call('monitor')).code).toBe(0)
})

test('a marker that cannot be read is a failure for monitor, and stop removes it', async () => {
  const { call, folder } = await node()
  await call('start')
  for (const file of readdirSync(folder)) writeFileSync(join(folder, file), '{')
  expect((await call('monitor')).code).toBe(1)
  expect((await call('stop')).code).toBe(0)
  expect((await call('monitor')).code).toBe(7)
})

const damages: [string, (file: string) => void][] = [
  ['lost', (file) => rmSync(file)],
  ['empty', (file) => writeFileSync(file, '')],
  ['cut', (file) => writeFileSync(file, '{"garb')],
  ['of another shape', (file) => writeFileSync(file, '{"local":[]}')],
]

describe.each(damages)('with a marker that is %s', (name, damage) => {
  const damageAll = (folder: string) => readdirSync(folder).forEach((file) => damage(join(folder, file)))

  test('stop removes the addresses that the parameters name', async () => {
    const { call, folder, addresses, create, ip } = await node()
    const block = await create('web-1', { isIpv6: true })
    const inBlock = block.ipAddress.replace('::/64', '::25')
    const both = { OCF_RESKEY_ips: `${ip.ipAddress} ${inBlock}` }
    expect((await call('start', both)).code).toBe(0)
    expect(addresses.size).toBe(2)
    damageAll(folder)
    expect((await call('monitor', both)).code).toBe(1)
    expect((await call('stop', both)).code).toBe(0)
    expect([...addresses]).toEqual([])
    expect((await call('monitor', both)).code).toBe(7)
  })

  test('stop fails when the parameters name no address, because the address may be there', async () => {
    const { call, folder, addresses } = await node({ ips: 'tag:vip' })
    expect((await call('start')).code).toBe(0)
    damageAll(folder)
    expect(await call('stop')).toMatchObject({ code: 1, err: expect.stringContaining('it is unknown which addresses on eth0 are to be removed') as string })
    expect(addresses.size).toBe(1)
  })
})

test('monitor without a marker says stopped while no address of the parameters is there', async () => {
  const { call, addresses, ip } = await node()
  addresses.add('203.0.113.9/32')
  expect((await call('monitor')).code).toBe(7)
  addresses.add(`${ip.ipAddress}/32`)
  expect(await call('monitor')).toMatchObject({ code: 1, err: expect.stringContaining('start was not followed by stop') as string })
  expect((await call('stop')).code).toBe(0)
  expect((await call('monitor')).code).toBe(7)
})

describe.each(['an id', 'a tag'])('monitor without a marker, where ips names %s,', (kind) => {
  const lost = async () => {
    const made = await node()
    const named = { OCF_RESKEY_ips: kind === 'an id' ? made.ip.id : 'tag:vip' }
    const call: typeof made.call = (action, overrides) => made.call(action, { ...named, ...overrides })
    expect((await call('monitor')).code).toBe(7)
    expect((await call('start')).code).toBe(0)
    for (const file of readdirSync(made.folder)) rmSync(join(made.folder, file))
    return { ...made, call }
  }

  test('says running on the node that has the address, and then stop removes that', async () => {
    const { call, addresses } = await lost()
    expect(await call('monitor')).toMatchObject({ code: 0, err: expect.stringContaining('the marker was missing') as string })
    expect(await call('monitor')).toMatchObject({ code: 0, err: '' })
    expect([(await call('stop')).code, addresses.size]).toEqual([0, 0])
    expect((await call('monitor')).code).toBe(7)
  })

  test('says failed when the address is there and the flexible IP is elsewhere, and then stop removes the address', async () => {
    const { call, addresses, client, ip, serverId } = await lost()
    await client.ensureAttached({ zone: ip.zone, serverId: serverId('web-1'), fipsIds: [ip.id] })
    expect(await call('monitor')).toMatchObject({ code: 1, err: expect.stringContaining('not on this server') as string })
    expect([(await call('stop')).code, addresses.size]).toEqual([0, 0])
  })

  test('says stopped when the address is not there, and with a warning when the API does not say which it is', async () => {
    const { call, addresses, state, folder, requests } = await lost()
    const before = requests.length
    expect([(await call('monitor', { OCF_RESKEY_monitor_api: 'false' })).code, requests.length]).toEqual([7, before])
    state.up = false
    expect(await call('monitor')).toMatchObject({ code: 7, err: expect.stringMatching(/^warning: .*it counts as stopped: /) as string })
    state.up = true
    addresses.clear()
    addresses.add('203.0.113.9/32')
    expect([await call('monitor'), readdirSync(folder)]).toEqual([expect.objectContaining({ code: 7, err: '' }), []])
  })
})

test('start that a signal ends before its first change says that nothing was changed', async () => {
  const { url, ip, emulator, folder } = await node()
  const env = { HA_RSCTMP: folder, SCW_CONFIG_PATH: join(folder, 'none.yaml'), SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX', SCW_SECRET_KEY: emulator.secretKey, OCF_RESKEY_ips: ip.ipAddress, OCF_RESKEY_server: 'web-2', OCF_RESKEY_api_url: url }
  const io = testIo({
    env,
    fetch: (target, init) => {
      io.raise('SIGTERM')
      return fetch(target, init as RequestInit)
    },
  })
  expect([await run(['ocf', 'start'], io), io.printed.err]).toEqual([1, expect.stringContaining('Nothing was changed.')])
})

test.skipIf(process.platform !== 'linux')('start with a folder of markers that cannot be made fails, and does not hang', async () => {
  const { call } = await node()
  expect((await call('start', { HA_RSCTMP: '/proc/none/flexip' })).code).toBe(1)
})

test('the parameter ips does not take server:<name>, which names others after a move', async () => {
  const { call, requests } = await node({ ips: 'server:web-1' })
  expect([(await call('start')).code, (await call('monitor')).code, requests]).toEqual([6, 7, []])
})

test('stop after a start that failed before it added an address ends with 0, also for a tag', async () => {
  const { call, state } = await node({ ips: 'tag:vip' })
  state.up = false
  expect((await call('start', { OCF_RESKEY_CRM_meta_timeout: '1000' })).code).toBe(1)
  expect((await call('monitor')).code).toBe(7)
  expect((await call('stop')).code).toBe(0)
})

test('stop fails if an address cannot be removed, because then it is still there', async () => {
  const { call, state } = await node()
  await call('start')
  state.canWrite = false
  expect((await call('stop')).code).toBe(1)
  state.canWrite = true
  expect((await call('stop')).code).toBe(0)
})

test('start with another interface or address removes what it had added before', async () => {
  const { call, addresses, create, ip } = await node()
  const other = await create('web-1')
  await call('start')
  expect([...addresses]).toEqual([`${ip.ipAddress}/32`])
  expect((await call('start', { OCF_RESKEY_ips: other.ipAddress })).code).toBe(0)
  expect([...addresses]).toEqual([`${other.ipAddress}/32`])
})

describe('a configuration that is missing or wrong', () => {
  const missing = { OCF_RESKEY_config: '/nowhere/x.yaml' }

  test.each<[string, (folder: string) => Record<string, string | undefined>]>([
    ['a config file that does not exist', () => missing],
    ['a folder in the place of the config file', (folder) => ({ OCF_RESKEY_config: folder })],
    ['a config file that is no YAML', (folder) => {
      const file = join(folder, 'broken.yaml')
      writeFileSync(file, '{', { mode: 0o600 })
      return { OCF_RESKEY_config: file }
    }],
    ['a profile without a config file', () => ({ OCF_RESKEY_profile: 'prod' })],
    // A proxy, which --api-url names, needs none.
    ['no key', () => ({ SCW_SECRET_KEY: undefined, SCW_ACCESS_KEY: undefined, OCF_RESKEY_api_url: undefined })],
  ])('%s ends start and validate-all with 2 at the usual level, and so does monitor while it runs', async (_, envOf) => {
    const { call, folder, requests, addresses } = await node()
    const env = envOf(mkdtempSync(join(folder, 'config-')))
    // A folder has no permissions of a file: no advice to change them.
    expect((await call('start', env)).err).not.toContain('chmod')
    for (const action of ['validate-all', 'start']) expect([action, await call(action, env)]).toEqual([action, { code: 2, out: '', err: expect.stringMatching(/^error: ./m) as string }])
    expect([requests, addresses.size]).toEqual([[], 0])
    // A probe of a node that has never run it.
    expect((await call('monitor', env)).code).toBe(7)
    await call('start')
    expect(await call('monitor', env)).toMatchObject({ code: 2, err: expect.stringMatching(/^error: ./m) as string })
    expect((await call('monitor')).code).toBe(0)
    expect((await call('stop', env)).code).toBe(0)
  })

  test('is said without an option that an agent does not have', async () => {
    const { call } = await node()
    const { err } = await call('validate-all', { OCF_RESKEY_api_url: undefined, SCW_ACCESS_KEY: undefined, SCW_SECRET_KEY: undefined })
    expect(err).toContain('Set the parameter config to a file with the key')
    expect(err).not.toContain('--')
  })

  test('does not matter to monitor without the API', async () => {
    const { call } = await node({ monitor_api: 'false' })
    await call('start')
    expect((await call('monitor', missing)).code).toBe(0)
  })
})

test('each way to fail has the exit code of OCF', async () => {
  const { call, state } = await node()
  const cases: [string, Record<string, string | undefined>, number][] = [
    ['start', { OCF_RESKEY_ips: undefined }, 6],
    ['start', { OCF_RESKEY_ips: 'no-address' }, 6],
    ['start', { OCF_RESKEY_interface: 'eth0; reboot' }, 6],
    ['start', { OCF_RESKEY_zone: 'fr-par-9' }, 6],
    ['start', { OCF_RESKEY_monitor_api: 'perhaps' }, 6],
    ['start', { OCF_RESKEY_api_url: 'ftp://x' }, 6],
    ['validate-all', { OCF_RESKEY_ips: undefined }, 6],
    ['validate-all', { OCF_RESKEY_interface: 'eth9' }, 2],
    ['start', { OCF_RESKEY_interface: 'eth9' }, 2],
    ['start', { OCF_RESKEY_server: 'web-9' }, 2],
    ['start', { OCF_RESKEY_ips: '9.9.9.9' }, 2],
    ['start', { SCW_SECRET_KEY: '22222222-2222-2222-2222-222222222222', OCF_RESKEY_server: '11111111-1111-1111-1111-111111111111' }, 4],
    // By a name, the list of servers is what the key is refused for.
    ['start', { SCW_SECRET_KEY: '22222222-2222-2222-2222-222222222222' }, 4],
    ['validate-all', { SCW_SECRET_KEY: '22222222-2222-2222-2222-222222222222', OCF_CHECK_LEVEL: '10' }, 4],
    ['validate-all', {}, 0],
    ['validate-all', { OCF_CHECK_LEVEL: '10' }, 0],
    ['validate-all', { OCF_CHECK_LEVEL: '10', OCF_RESKEY_server: 'web-9' }, 2],
    ['promote', {}, 3],
    ['reload', {}, 3],
    ['usage', {}, 0],
    ['meta-data', { OCF_RESKEY_ips: undefined }, 0],
  ]
  for (const [action, env, code] of cases) expect(await call(action, env), `${action} ${JSON.stringify(env)}`).toMatchObject({ code })
  state.up = false
  expect((await call('start', { OCF_RESKEY_CRM_meta_timeout: '20000' })).code).toBe(1)
  expect((await call('monitor')).code).toBe(7)
  state.canWrite = false
  state.up = true
  expect((await call('start')).code).toBe(4)
})

test('the names of resources do not leave the folder of the markers, and do not collide', async () => {
  const { call, folder } = await node()
  for (const name of ['../../x', 'a:0', 'a:1', 'a%3a0']) expect((await call('start', { OCF_RESOURCE_INSTANCE: name })).code).toBe(0)
  expect(readdirSync(folder).sort()).toEqual(['flexip-%2e%2e%2f%2e%2e%2fx.json', 'flexip-a%253a0.json', 'flexip-a%3a0.json', 'flexip-a%3a1.json'])
})
