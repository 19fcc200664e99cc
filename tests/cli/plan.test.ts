// flexip plan and apply, against an emulator on a port.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { temporaryFolder } from '../server/support/served.js'
import { run } from '../../js/cli/program.js'
import { type Noted, writePlan } from '../../js/cli/topology/plan-file.js'
import { flexip, linesOf, testIo, world } from './support.js'

const file = (name: string, text = '') => {
  const path = join(temporaryFolder(), name)
  if (text !== '') writeFileSync(path, text)
  return path
}

/** A plan that was edited, as flexip would have written it. */
const rewritten = (text: string) => writePlan(JSON.parse(text) as Noted)

describe('flexip plan', () => {
  test('shows what differs, leaves alone what another owner decides, and names what is not in the file', async () => {
    const { flexip, json, create, emulator } = await world()
    const [a, b, c, d] = [await create('web-1', { tags: ['old'] }), await create('web-2'), await create('web-1'), await create()]
    const topology = file('topology.yaml', `flexibleIps:\n  - ip: ${a.ipAddress}\n    server: web-2\n    tags: [new]\n    description: mail\n  - ip: ${b.id}\n    server: web-2\n  - ip: ${c.ipAddress}\n    owner: other\n    server: web-2\n`)
    emulator.clearJournal()
    const { code, out, err } = await flexip(['plan', topology])
    expect(code).toBe(0)
    expect(out).toBe(`~ ${a.ipAddress}: server: web-1 -> web-2\n~ ${a.ipAddress}: description: "" -> "mail"\n~ ${a.ipAddress}: tags: ["old"] -> ["new"]\n`)
    expect(err).toBe(`= ${c.ipAddress}: on web-1, left alone: another owner\nnot in the file: ${d.ipAddress}\n`)
    expect((await flexip(['plan', topology, '--check'])).code).toBe(9)
    expect(await json('plan', topology)).toMatchObject([{ action: 'change', field: 'server' }, { field: 'description', from: '', to: 'mail' }, { field: 'tags' }])
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('refuses to move a part of a MAC group, or to another zone', async () => {
    const { flexip, create, group } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    await group(a, b)
    expect(await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }]`)])).toMatchObject({ code: 3, err: expect.stringContaining('share a virtual MAC address, and must have the same server') as string })
    expect((await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }, { ip: ${b.ipAddress}, server: web-2 }]`)])).code).toBe(0)
    expect(await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: db-1 }]`)])).toMatchObject({ code: 3, err: expect.stringContaining('db-1 in nl-ams-1') as string })
  })

  test.each<[string, RegExp]>([
    ['flexibleIps: [{ ip: 7 }]', /flexibleIps\[0\]\.ip must be an address or an id; found 7/],
    ['flexibleIps: [{ ip: "tag:mail" }]', /flexibleIps\[0\]\.ip must be an address or an id; found "tag:mail"/],
    ['flexibleIps: [{ ip: "server:web-1" }]', /flexibleIps\[0\]\.ip must be an address or an id; found "server:web-1"/],
    ['flexibleIps: [{ ip: 1.2.3.4, sever: web-1 }]', /flexibleIps\[0\]\.sever: there is no such field; there are ip, server/],
    ['flexibleIps: [{ ip: 1.2.3.4, owner: me }]', /owner must be other, or absent; found "me"/],
    ['flexibleIps: [{ ip: 1.2.3.4, tags: mail }]', /tags must be a list of texts/],
    ['flexibleIps: [{ ip: 1.2.3.4 }, { ip: 1.2.3.4 }]', /is in flexibleIps\[0\] already/],
    ['flexibleIps: {}', /flexibleIps must be a list/],
    ['[]', /must be a map with flexibleIps/],
    ['a: [', /is not YAML/],
    ['x: &a [1]\ny: [*a, *a]\n', /is not a topology/],
    ['{"format":"flexip plan 1"', /is not YAML/],
  ])('refuses %j with its place', async (text, message) => {
    const { flexip } = await world()
    expect(await flexip(['plan', file('t.yaml', text)])).toMatchObject({ code: 2, err: expect.stringMatching(message) as string })
  })
})

describe('a topology', () => {
  test('with an address that does not exist ends with 8, and with one flexible IP in two spellings with 2, before what a rule refuses', async () => {
    const { flexip, create } = await world()
    const ip = await create('web-1')
    const unknown = '{ ip: 203.0.113.9, server: web-1 }'
    const foreign = `{ ip: ${ip.ipAddress}, server: db-1 }`
    for (const args of [['plan'], ['apply', '--yes']]) {
      expect(await flexip([...args, file('t.yaml', `flexibleIps: [${foreign}, ${unknown}]`)])).toMatchObject({ code: 8, err: expect.stringMatching(/^error: there is no flexible IP 203\.0\.113\.9\n.* in nl-ams-1\n$/m) as string })
      expect(await flexip([...args, file('t.yaml', `flexibleIps: [${unknown}, ${foreign}, { ip: ${ip.ipAddress}/32, server: web-2 }]`)])).toMatchObject({ code: 2, err: expect.stringContaining('are the same flexible IP\nthere is no flexible IP') as string })
    }
  })
})

describe('flexip apply', () => {
  test('makes the changes of a file from the standard input, and then there are none', async () => {
    const { flexip, create, group, read, serverId } = await world()
    const [a, b, c, d] = [await create('web-1'), await create('web-1'), await create('web-2'), await create()]
    await group(a, b)
    const text = `flexibleIps:\n${[a, b, d].map(({ ipAddress }) => `  - { ip: ${ipAddress}, server: web-2, tags: [moved] }\n`).join('')}  - { ip: ${c.ipAddress}, server: null }\n`
    const readInput = () => Promise.resolve(text)
    const { code } = await flexip(['apply', '-', '--yes'], { readInput })
    expect(code).toBe(0)
    for (const ip of [a, b, d]) expect(await read(ip)).toMatchObject({ serverId: serverId('web-2'), tags: ['moved'] })
    expect((await read(c)).serverId).toBeUndefined()
    expect(await flexip(['apply', '-'], { readInput })).toMatchObject({ code: 0, out: '', err: 'no changes\n' })
  })

  test('refuses a plan when anything of it has changed since, and names the change', async () => {
    const { flexip, create, read, client, serverId } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    const plan = file('plan.json')
    expect((await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }, { ip: ${b.ipAddress}, server: web-2 }]`), '--out', plan])).code).toBe(0)
    await client.updateFlexibleIP({ fipId: b.id, description: 'changed' })
    expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 3, err: expect.stringMatching(/the plan is stale[^\n]*\n[^\n]*description was "", and is "changed"\nNothing was changed\. Make the plan again\.\n$/) as string })
    expect((await read(a)).serverId).toBe(serverId('web-1'))
    await client.updateFlexibleIP({ fipId: b.id, description: '' })
    expect(linesOf(await flexip(['apply', plan, '--yes', '--json']))).toMatchObject([{ serverName: 'web-2' }, { serverName: 'web-2' }])
  })

  test('refuses a plan when the MAC group of a flexible IP has another member, or one fewer', async () => {
    const { flexip, create, group, read, client, serverId } = await world()
    const [a, b, c] = [await create('web-1'), await create('web-1'), await create('web-1')]
    await group(a, b)
    const plan = file('plan.json')
    const topology = (...ips: { ipAddress: string }[]) => file('t.yaml', `flexibleIps: [${ips.map(({ ipAddress }) => `{ ip: ${ipAddress}, server: web-2 }`).join()}]`)
    expect((await flexip(['plan', topology(a, b), '--out', plan])).code).toBe(0)
    await client.duplicateMACAddr({ zone: c.zone, fipId: c.id, duplicateFromFipId: a.id })
    await client.waitForFlexibleIP({ zone: c.zone, fipId: c.id })
    expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 3, err: expect.stringMatching(new RegExp(`the plan is stale[^]*group was .*, and is .*"${c.ipAddress}"`)) as string })
    expect((await flexip(['plan', topology(a, b, c), '--out', plan])).code).toBe(0)
    await client.deleteMACAddr({ zone: c.zone, fipId: c.id })
    await client.waitForFlexibleIP({ zone: c.zone, fipId: c.id })
    expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 3, err: expect.stringContaining(`${a.ipAddress}: group was`) as string })
    for (const ip of [a, b, c]) expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  test('refuses a plan when a server of it is gone, or has another name, and sends nothing', async () => {
    const { flexip, create, read, serverId } = await world()
    const [a, b] = [await create('web-1'), await create('web-2')]
    const plan = file('plan.json')
    expect((await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }, { ip: ${b.ipAddress}, server: web-2 }]`), '--out', plan])).code).toBe(0)
    const lists = (change: (servers: { name: string }[]) => unknown): Fetch => async (url, init) => {
      expect(init.method).toBe('GET')
      const response = await fetch(url, init as RequestInit)
      return /servers\?/.test(url) ? Response.json(change(((await response.json()) as { servers: { name: string }[] }).servers)) : response
    }
    const listed = (servers: { name: string }[]) => ({ servers, total_count: servers.length })
    const gone = lists((servers) => listed(servers.filter(({ name }) => name !== 'web-2')))
    const swapped = lists((servers) => listed(servers.map((server) => ({ ...server, name: { 'web-1': 'web-2', 'web-2': 'web-1' }[server.name] ?? server.name }))))
    expect(await flexip(['apply', plan, '--yes'], { fetch: gone })).toMatchObject({ code: 3, out: '', err: expect.stringContaining(`the plan is stale: what it was made of has changed\nthe server web-2 (${serverId('web-2')}) is gone\n`) as string })
    expect(await flexip(['apply', plan, '--yes'], { fetch: swapped })).toMatchObject({ code: 3, out: '', err: expect.stringContaining(`the server ${serverId('web-2')} was fr-par-1/web-2, and is fr-par-1/web-1\n`) as string })
    expect((await read(a)).serverId).toBe(serverId('web-1'))
    expect((await flexip(['apply', plan, '--yes'])).code).toBe(0)
  })

  test('refuses a plan with another zone, address or target than there is, before its first change', async () => {
    const { flexip, create, read, serverId } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    const path = file('plan.json')
    expect((await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2, description: new }]`), '--out', path])).code).toBe(0)
    const text = readFileSync(path, 'utf8')
    const unknown = '11111111-1111-4111-8111-111111111111'
    const to = `"to": "${serverId('web-2')}"`
    const edits: [string, string, number, RegExp][] = [
      [`"zone": "fr-par-1",\n      "address"`, `"zone": "nl-ams-1",\n      "address"`, 3, /zone was "nl-ams-1", and is "fr-par-1"/],
      [`"address": "${a.ipAddress}"`, `"address": "${b.ipAddress}"`, 3, /address was /],
      [to, `"to": "${unknown}"`, 3, new RegExp(`there is no server ${unknown} in fr-par-1`)],
      [to, `"to": "${serverId('db-1')}"`, 3, /there is no server .* in fr-par-1/],
      [to, '"to": "../x"', 2, /is not a whole plan/],
    ]
    const reading: Fetch = (url, init) => {
      expect(init.method).toBe('GET')
      return fetch(url, init as RequestInit)
    }
    for (const [before, after, code, err] of edits) {
      expect(text).toContain(before)
      expect(await flexip(['apply', file('edited.json', rewritten(text.replace(before, after))), '--yes'], { fetch: reading })).toMatchObject({ code, out: '', err: expect.stringMatching(err) as string })
    }
    expect(await flexip(['apply', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: ${unknown}, description: new }]`), '--yes'], { fetch: reading })).toMatchObject({ code: 8, out: '', err: expect.stringContaining(`there is no server ${unknown}`) as string })
    expect((await read(a)).description).toBe('')
  })

  test('refuses a change that begins with something else than there is: of another type with 2, and else with 3', async () => {
    const { flexip, create, serverId } = await world()
    const a = await create('web-1')
    const path = file('plan.json')
    expect((await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2, description: new, reverse: new.example.org., tags: [x] }]`), '--out', path])).code).toBe(0)
    const plan = JSON.parse(readFileSync(path, 'utf8')) as { ips: { changes: { kind: string; from: unknown }[] }[] }
    const reading: Fetch = (url, init) => {
      expect(init.method).toBe('GET')
      return fetch(url, init as RequestInit)
    }
    const apply = async (kind: string, from: unknown) => {
      const edited = structuredClone(plan)
      for (const change of edited.ips[0]?.changes ?? []) if (change.kind === kind) change.from = from
      const ends = await Promise.all([['--dry-run'], ['--dry-run', '--json'], ['--yes']].map((options) => flexip(['apply', file('edited.json', rewritten(JSON.stringify(edited))), ...options], { fetch: reading })))
      for (const { out, err } of ends) expect([out, /TypeError/.test(err)]).toEqual(['', false])
      return ends
    }
    for (const kind of ['server', 'description', 'reverse', 'tags']) {
      for (const from of [12, true, { a: 1 }, [1], undefined, ...(kind === 'tags' ? ['x', null] : kind === 'server' ? [[]] : [null, []])]) {
        for (const end of await apply(kind, from)) expect(end).toMatchObject({ code: 2, err: expect.stringContaining('is not a whole plan') as string })
      }
    }
    for (const [kind, from] of [['server', serverId('db-1')], ['server', null], ['description', 'lie'], ['reverse', 'lie.example.org.'], ['tags', ['lie']]] as const) {
      for (const end of await apply(kind, from)) expect(end).toMatchObject({ code: 3, err: expect.stringMatching(/the plan is stale/) as string })
      expect((await apply(kind, from))[0]?.err).toContain(`${a.ipAddress}: ${kind === 'server' ? 'serverId' : kind} was ${JSON.stringify(from)}, and is `)
    }
  })

  test('applies a plan of servers that could not be read, and were named by their ids', async () => {
    const { flexip, create, read, serverId } = await world()
    const a = await create('web-1')
    const plan = file('plan.json')
    const refused: Fetch = (url, init) => (/servers\?/.test(url) ? Promise.resolve(new Response('', { status: 403 })) : fetch(url, init as RequestInit))
    expect((await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: ${serverId('web-2')} }]`), '--out', plan], { fetch: refused })).code).toBe(0)
    expect((await flexip(['apply', plan, '--yes'], { fetch: refused })).code).toBe(0)
    expect((await read(a)).serverId).toBe(serverId('web-2'))
  })

  test('what another owner moves makes no plan stale, unless it is in a MAC group of the plan', async () => {
    const { flexip, create, group, client, serverId } = await world()
    const [a, b, c] = [await create('web-1'), await create('web-1'), await create('web-1')]
    const plan = file('plan.json')
    const made = () => flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }, { ip: ${b.ipAddress}, owner: other }, { ip: ${c.ipAddress}, owner: other }]`), '--out', plan])
    expect((await made()).code).toBe(0)
    await client.ensureAttached({ fipsIds: [c.id], serverId: serverId('web-2') })
    expect((await flexip(['apply', plan, '--dry-run'])).code).toBe(0)
    await group(a, b)
    expect((await flexip(['apply', plan, '--dry-run'])).code).toBe(3)
    expect(await made()).toMatchObject({ code: 3, err: expect.stringContaining('share a virtual MAC address, and must have the same server') as string })
  })

  test.each([['a topology', false], ['a plan', true]])('of %s whose MAC group grows after it was read sends nothing', async (_, isPlan) => {
    const { flexip, create, group, client, emulator } = await world()
    const [a, b, c] = [await create('web-1'), await create('web-1'), await create('web-1')]
    await group(a, b)
    const topology = file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }, { ip: ${b.ipAddress}, server: web-2 }, { ip: ${c.ipAddress}, description: new }]`)
    const plan = file('plan.json')
    await flexip(['plan', topology, '--out', plan])
    let isMade = false
    const growing: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (!isMade && /fr-par-1\/fips\?/.test(url)) {
        isMade = true
        await client.duplicateMACAddr({ fipId: c.id, duplicateFromFipId: a.id })
        await client.waitForFlexibleIP({ fipId: c.id })
        emulator.clearJournal()
      }
      return response
    }
    expect(await flexip(['apply', isPlan ? plan : topology, '--yes'], { fetch: growing })).toMatchObject({ code: 3, err: expect.stringMatching(new RegExp(`the plan is stale[^]*${a.ipAddress}: group was`)) as string })
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('names what was refused by its address and its server when the MAC group grows after the last read', async () => {
    const { flexip, create, group, client } = await world()
    const [a, b, c] = [await create('web-1'), await create('web-1'), await create('web-1')]
    await group(a, b)
    const topology = file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }, { ip: ${b.ipAddress}, server: web-2 }]`)
    let lists = 0
    const growing: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (/fr-par-1\/fips\?/.test(url) && (lists += 1) === 2) {
        await client.duplicateMACAddr({ fipId: c.id, duplicateFromFipId: a.id })
        await client.waitForFlexibleIP({ fipId: c.id })
      }
      return response
    }
    const { code, err } = await flexip(['apply', topology, '--yes'], { fetch: growing })
    expect(code).toBe(3)
    expect(err).toContain('error: web-2: what was read has changed\n')
    expect(err).toMatch(new RegExp(`${a.ipAddress} \\(${a.id}\\) is in one MAC group with ${c.ipAddress} \\(${c.id}\\)`))
    expect(err).toContain('make the plan again.\n')
  })

  test('refuses a plan that does not record the groups, or the servers', async () => {
    const { flexip, create } = await world()
    const a = await create('web-1')
    const plan = file('plan.json')
    await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }]`), '--out', plan])
    const whole = readFileSync(plan, 'utf8')
    for (const field of ['"group"', '"servers"']) {
      writeFileSync(plan, whole.replace(field, '"other"'))
      expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 2, err: expect.stringContaining('is not a whole plan') as string })
    }
  })

  test('asks for one change, and for several', async () => {
    const { flexip, create } = await world()
    const a = await create('web-1')
    const questions: string[] = []
    const ask = (question: string) => {
      questions.push(question)
      return Promise.resolve('n')
    }
    for (const fields of ['description: x', 'description: x, tags: [y]']) expect((await flexip(['apply', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, ${fields} }]`)], { ask })).code).toBe(3)
    expect(questions).toEqual(['Make 1 change to 1 flexible IP? [y/N] ', 'Make 2 changes to 1 flexible IP? [y/N] '])
  })

  test('refuses a change that came while it asked, and a plan that was cut off', async () => {
    const { flexip, create, client } = await world()
    const a = await create('web-1')
    const topology = file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }]`)
    const ask = async () => {
      await client.updateFlexibleIP({ fipId: a.id, description: 'changed' })
      return 'yes'
    }
    expect((await flexip(['apply', topology], { ask })).code).toBe(3)
    const plan = file('plan.json')
    await flexip(['plan', topology, '--out', plan])
    writeFileSync(plan, readFileSync(plan, 'utf8').slice(0, -20))
    expect((await flexip(['apply', plan, '--yes'])).code).toBe(2)
  })

  test('refuses a plan when a flexible IP that was as the file says is so no more, or is in another Project', async () => {
    const { flexip, create, read, client, serverId, emulator } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    const plan = file('plan.json')
    expect((await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, description: new }, { ip: ${b.ipAddress}, server: web-1 }]`), '--out', plan])).code).toBe(0)
    await client.detachFlexibleIP({ fipsIds: [b.id] })
    await client.waitForFlexibleIP({ fipId: b.id })
    expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 3, err: expect.stringContaining(`${b.ipAddress}: serverId was "${serverId('web-1')}", and is null`) as string })
    await client.ensureAttached({ fipsIds: [b.id], serverId: serverId('web-1') })
    writeFileSync(plan, rewritten(readFileSync(plan, 'utf8').replaceAll(emulator.projectId, emulator.organizationId)))
    expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 3, err: expect.stringContaining(`${a.ipAddress}: projectId was "${emulator.organizationId}"`) as string })
    expect((await read(a)).description).toBe('')
  })

  test('--dry-run shows the changes of a topology and of a plan, changes nothing, and refuses a stale plan', async () => {
    const { flexip, create, client, emulator } = await world()
    const a = await create('web-1')
    const topology = file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }]`)
    const plan = file('plan.json')
    await flexip(['plan', topology, '--out', plan])
    emulator.clearJournal()
    for (const path of [topology, plan]) expect(await flexip(['apply', path, '--dry-run'])).toEqual({ code: 0, out: `~ ${a.ipAddress}: server: web-1 -> web-2\n`, err: '' })
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
    await client.updateFlexibleIP({ fipId: a.id, description: 'changed' })
    expect((await flexip(['apply', plan, '--dry-run'])).code).toBe(3)
  })

  test('of a plan without changes says so', async () => {
    const { flexip, create } = await world()
    const a = await create('web-1')
    const plan = file('plan.json')
    await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-1 }]`), '--out', plan])
    expect(await flexip(['apply', plan])).toEqual({ code: 0, out: '', err: 'no changes\n' })
  })
})

describe('a description, tag or reverse that the client refuses', () => {
  test.each([
    [`description: ${'x'.repeat(300)}`, /flexibleIps\[1\]\.description: .*255/],
    ['reverse: "a b;c"', /flexibleIps\[1\]\.reverse: /],
  ])('ends plan and apply with 2 before anything is sent: %s', async (field, message) => {
    const { flexip, create, emulator } = await world()
    const [a, b] = [await create(), await create()]
    const topology = file('t.yaml', `flexibleIps:\n  - { ip: ${a.ipAddress}, description: good }\n  - { ip: ${b.ipAddress}, ${field} }\n`)
    emulator.clearJournal()
    for (const args of [['plan'], ['apply', '--yes']]) expect(await flexip([...args, topology])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) as string })
    expect(emulator.journal).toEqual([])
  })

  test('ends apply with 2 if it was written into a plan', async () => {
    const { flexip, create, read } = await world()
    const a = await create()
    const plan = file('plan.json')
    await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, description: good }]`), '--out', plan])
    writeFileSync(plan, readFileSync(plan, 'utf8').replace('"good"', `"${'x'.repeat(300)}"`))
    expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 2, err: expect.stringContaining(`${a.ipAddress}: description: `) as string })
    expect((await read(a)).description).toBe('')
  })
})

describe('a plan that was changed by hand', () => {
  test.each<[string, RegExp, (plan: { ips: { address: string; changes: object[] }[] }) => void]>([
    ['names one flexible IP twice', / names .* twice/, ({ ips }) => ips.push(structuredClone(ips[0] as (typeof ips)[number]))],
    ['names the address of another too', / names .* twice/, ({ ips }) => ips.push({ ...structuredClone(ips[0] as (typeof ips)[number]), id: '00000000-0000-4000-8000-000000000000' } as (typeof ips)[number])],
    ['changes one field twice', / changes one field of .* twice/, ({ ips }) => ips[0]?.changes.push(structuredClone(ips[0].changes[0] as object))],
  ])('and %s is refused with 2, before anything is sent', async (_, message, edit) => {
    const { flexip, create, emulator } = await world()
    const a = await create('web-1')
    const plan = file('plan.json')
    await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2, description: x }]`), '--out', plan])
    const value = JSON.parse(readFileSync(plan, 'utf8')) as Parameters<typeof edit>[0]
    edit(value)
    writeFileSync(plan, JSON.stringify(value))
    emulator.clearJournal()
    for (const args of [['--yes'], ['--dry-run']]) expect(await flexip(['apply', plan, ...args])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) as string })
    expect(emulator.journal).toEqual([])
  })

  test.each<[string, (plan: { note?: string; servers: object[]; ips: { changes: { kind: string; to: unknown }[] }[] }) => void]>([
    ['has no servers any more', (plan) => (plan.servers = [])],
    ['detaches what it was to move', ({ ips }) => ips[0]?.changes.forEach((change) => (change.to = change.kind === 'server' ? null : change.to))],
    ['lacks one of its flexible IPs', ({ ips }) => ips.pop()],
    ['has a field more', (plan) => (plan.note = 'x')],
    ['has another text', ({ ips }) => ips[1]?.changes.forEach((change) => (change.to = 'y'))],
  ])('and %s is refused with 2, before anything is sent', async (_, edit) => {
    const { flexip, create, emulator } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    const plan = file('plan.json')
    await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, server: web-2 }, { ip: ${b.ipAddress}, description: x }]`), '--out', plan])
    const value = JSON.parse(readFileSync(plan, 'utf8')) as Parameters<typeof edit>[0]
    edit(value)
    writeFileSync(plan, JSON.stringify(value))
    emulator.clearJournal()
    expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('was changed after flexip had written it') as string })
    expect(emulator.journal).toEqual([])
  })

  test.each([2, 1.5, 'flexip plan 1 ', 'flexip plan 1x'])('and whose format is %j is refused with 2, as a plan of another format', async (format) => {
    const { flexip, create } = await world()
    const a = await create('web-1')
    const plan = file('plan.json')
    await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, description: x }]`), '--out', plan])
    writeFileSync(plan, JSON.stringify({ ...(JSON.parse(readFileSync(plan, 'utf8')) as object), format }))
    expect(await flexip(['apply', plan, '--yes'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`is of another format: it is a ${JSON.stringify(format)}, and this version reads a flexip plan 1\n`) as string })
  })

  test('and is only laid out in another way is applied', async () => {
    const { flexip, create } = await world()
    const a = await create('web-1')
    const plan = file('plan.json')
    await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, description: x }]`), '--out', plan])
    writeFileSync(plan, JSON.stringify(JSON.parse(readFileSync(plan, 'utf8'))))
    expect((await flexip(['apply', plan, '--yes'])).code).toBe(0)
  })

  test('and says a newer format is refused with 2 in words about that', async () => {
    const { flexip } = await world()
    expect(await flexip(['apply', file('plan.json', '{"format": "flexip plan 2", "moves": []}'), '--yes'])).toMatchObject({ code: 2, err: expect.stringContaining('it is a flexip plan 2, and this version reads a flexip plan 1') as string })
  })

  test('and begins with a byte order mark is applied', async () => {
    const { flexip, create, read } = await world()
    const a = await create('web-1')
    const plan = file('plan.json')
    await flexip(['plan', file('t.yaml', `flexibleIps: [{ ip: ${a.ipAddress}, description: marked }]`), '--out', plan])
    writeFileSync(plan, `\ufeff${readFileSync(plan, 'utf8')}`)
    expect((await flexip(['apply', plan, '--yes'])).code).toBe(0)
    expect((await read(a)).description).toBe('marked')
  })
})

test.skipIf(process.platform === 'win32')('a plan of a named pipe waits for its writer, and without one ends when the time is up; a config file that is one is refused with 2', async () => {
  const { flexip: run } = await world()
  const pipe = file('pipe')
  execFileSync('mkfifo', [pipe])
  expect(await run(['plan', pipe, '--timeout', '100ms'], { now: () => performance.now() })).toMatchObject({ code: 5, err: expect.stringContaining('has not ended') as string })
  const reading = run(['plan', pipe])
  await writeFile(pipe, 'flexibleIps: []\n')
  expect(await reading).toMatchObject({ code: 0, err: expect.stringContaining('no changes') as string })
  for (const [args, env] of [[['--config', pipe], {}], [[], { SCW_CONFIG_PATH: pipe }]] as const) expect(await flexip(['ls', ...args], { env })).toMatchObject({ code: 2, err: expect.stringContaining('is a named pipe') as string })
})

test('a topology of two documents is refused with 2 in words of the command, and so is --out -', async () => {
  const { flexip } = await world()
  const two = file('t.yaml', 'flexibleIps: []\n---\nflexibleIps: []\n')
  const { code, err } = await flexip(['plan', two])
  expect([code, err]).toEqual([2, expect.stringContaining('has more than one document')])
  expect(err).not.toContain('parseAllDocuments')
  expect(await flexip(['plan', file('t.yaml', 'flexibleIps: []\n'), '--out', '-'])).toMatchObject({ code: 2, err: expect.stringContaining('--out needs the name of a file') as string })
})

describe.each([['plan'], ['apply', '--yes']])('flexip %s of an input that does not end', (...args) => {
  test('ends with 5 when the time is up', async () => {
    const { flexip } = await world()
    expect(await flexip([...args, '-', '--timeout', '20ms'], { readInput: () => new Promise(() => undefined), now: () => performance.now() })).toMatchObject({ code: 5, err: expect.stringContaining('the time is up, and the standard input has not ended') as string })
  })

  test('ends at once after a signal', async () => {
    const { url } = await world()
    const io = testIo({ readInput: () => new Promise(() => queueMicrotask(() => io.raise('SIGTERM'))) })
    expect(await run([...args, '-', `--emulator=${url}`], io)).toBe(143)
    expect(io.printed.err).toContain('terminated')
  })
})

test.each(['locked', 'error'] as const)('plan and apply refuse with 3 to move what is %s from the start, and apply moves nothing else', async (status) => {
  const { flexip, create, emulator } = await world()
  const [stuck, other] = [await create('web-1'), await create('web-1')]
  emulator.forceStatus(stuck.id, status)
  const topology = file('t.yaml', `flexibleIps:\n  - { ip: ${other.ipAddress}, server: web-2 }\n  - { ip: ${stuck.ipAddress}, server: web-2 }\n`)
  emulator.clearJournal()
  for (const args of [['plan'], ['apply', '--dry-run'], ['apply', '--yes']]) expect(await flexip([...args, topology])).toMatchObject({ code: 3, err: expect.stringContaining(`${stuck.ipAddress} is ${status === 'error' ? 'in error' : status}, and cannot be changed`) as string })
  expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
})

test('flexip plan does not say that there are no changes before it refuses', async () => {
  const { flexip } = await world()
  expect((await flexip(['plan', file('t.yaml', 'flexibleIps: [{ ip: 203.0.113.9, server: web-1 }]')])).err).toMatch(/^error: there is no flexible IP 203\.0\.113\.9\n/)
})

describe('flexip plan --out', () => {
  const large = `flexibleIps: [{ ip: 195.154.141.3, server: web-1, tags: [${Array.from({ length: 300 }, (_, index) => `tag-${index}`).join(', ')}] }]`

  test.skipIf(process.platform === 'win32')('keeps the older plan as it was when the disk takes only a part of the new one, and ends with 1', () => {
    const topology = file('t.yaml', large)
    const folder = dirname(topology)
    const plan = join(folder, 'plan.json')
    writeFileSync(plan, 'the older plan')
    const cli = join(import.meta.dirname, '../../pkg/cli.js')
    // A file of more than one block is refused in the middle, as on a full disk.
    const { status, stderr } = spawnSync('sh', ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, cli, 'plan', topology, '--out', plan, '--emulator'], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, expect.stringContaining(`error: ${plan} cannot be written: EFBIG`)])
    expect([readFileSync(plan, 'utf8'), readdirSync(folder).sort()]).toEqual(['the older plan', ['plan.json', 't.yaml']])
  })

  test.skipIf(!existsSync('/dev/full'))('writes to a device as it is, and ends with 1 when that is full', async () => {
    expect(await flexip(['plan', file('t.yaml', large), '--out', '/dev/full', '--emulator'])).toMatchObject({ code: 1, err: expect.stringContaining('error: /dev/full cannot be written: ENOSPC') as string })
  })

  test('ends with 2 when its argument names no file that can be', async () => {
    const topology = file('t.yaml', large)
    for (const out of [dirname(topology), join(dirname(topology), 'missing/plan.json')]) expect(await flexip(['plan', topology, '--out', out, '--emulator'])).toMatchObject({ code: 2, err: expect.stringMatching(new RegExp(`\nerror: ${out} cannot be written: E[A-Z]+: [a-z ]+\n$`)) as string })
  })

  test.skipIf(process.platform === 'win32')('leaves a link a link, and a file its mode', async () => {
    const topology = file('t.yaml', large)
    const [plan, link] = [join(dirname(topology), 'plan.json'), join(dirname(topology), 'link.json')]
    writeFileSync(plan, 'the older plan')
    chmodSync(plan, 0o640)
    symlinkSync('plan.json', link)
    expect((await flexip(['plan', topology, '--out', link, '--emulator'])).code).toBe(0)
    expect([lstatSync(link).isSymbolicLink(), (statSync(plan).mode & 0o777).toString(8)]).toEqual([true, '640'])
    expect((await flexip(['apply', plan, '--dry-run', '--emulator'])).code).toBe(0)
  })
})
