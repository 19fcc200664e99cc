// The command scw, unchanged, against the emulator on a port.
import { expect, test } from 'vitest'
import { type Ready, start, temporaryFolder } from '../../server/support/served.js'
import { Answers } from '../answers.js'
import { type Ran, runGo } from './support.js'

const answers = new Answers()

interface Ip {
  id: string
  zone: string
  status: string
  server_id: string | null
  description: string
  tags: string[]
  mac_address: { id: string; mac_address: string; mac_type: string; status: string } | null
}

/** A person at a terminal: a folder for the command's files, and the variables that lead to the emulator. */
function terminal({ url, secretKey, projectId, organizationId }: Ready) {
  const env = {
    HOME: temporaryFolder(),
    SCW_API_URL: url,
    SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX',
    SCW_SECRET_KEY: secretKey,
    SCW_DEFAULT_PROJECT_ID: projectId,
    SCW_DEFAULT_ORGANIZATION_ID: organizationId,
    SCW_DEFAULT_ZONE: 'fr-par-1',
  }
  const run = (...args: string[]): Promise<Ran> => runGo('scw', args, env)
  const human = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args)
    expect(code, `scw ${args.join(' ')}: ${stdout}${stderr}`).toBe(0)
    return stdout
  }
  const json = async <T = Ip>(...args: string[]): Promise<T> => JSON.parse(await human(...args, '--output', 'json')) as T
  return { run, human, json, journal: () => answers.read(url) }
}

/** The rows of a table for people, split where two spaces or more are. */
const rowsOf = (table: string) => table.trimEnd().split('\n').map((line) => line.trimEnd().split(/\s{2,}/))

/** The lines of a single thing for people: a label and a value each. */
const fieldsOf = (text: string) => Object.fromEntries(rowsOf(text).map(([label = '', value = '']) => [label, value])) as Record<string, string>

test('every scw fip command works with the emulator, in its output for people and in JSON', async () => {
  const ready = await start('--server', 'fr-par-1/web-1')
  const [server] = ready.servers
  const serverId = server?.id ?? ''
  const { human, json, journal } = terminal(ready)

  const one = await json('fip', 'ip', 'create', 'description=mail', 'tags.0=a', 'tags.1=b')
  expect(one).toMatchObject({ description: 'mail', tags: ['a', 'b'], status: 'ready', ip_address: '195.154.141.1/32', server_id: null, project_id: ready.projectId })
  const made = fieldsOf(await human('fip', 'ip', 'create', 'description=other'))
  expect(made).toMatchObject({ Description: 'other', Status: 'ready', Zone: 'fr-par-1', ProjectID: ready.projectId })
  const other = made.ID ?? ''
  const block = await json('fip', 'ip', 'create', 'is-ipv6=true')
  expect(block).toMatchObject({ ip_address: expect.stringMatching(/::\/64$/) as unknown })

  expect(await json('fip', 'ip', 'get', one.id)).toMatchObject({ id: one.id, description: 'mail' })
  expect(fieldsOf(await human('fip', 'ip', 'get', one.id))).toMatchObject({ ID: one.id, IPAddress: '195.154.141.1/32', 'Tags.0': 'a', 'Tags.1': 'b' })
  expect(await json('fip', 'ip', 'update', one.id, 'description=post', 'tags.0=c', 'reverse=mail.example.com.')).toMatchObject({ description: 'post', tags: ['c'], reverse: 'mail.example.com.' })
  expect(fieldsOf(await human('fip', 'ip', 'update', one.id, 'tags=none'))).toMatchObject({ Description: 'post' })
  expect((await json('fip', 'ip', 'get', one.id)).tags).toEqual([])

  const attached = await json<{ total_count: number; flexible_ips: Ip[] }>('fip', 'ip', 'attach', `fips-ids.0=${one.id}`, `server-id=${serverId}`)
  expect(attached).toMatchObject({ total_count: 1, flexible_ips: [{ id: one.id, status: 'updating' }] })
  expect(await human('fip', 'ip', 'attach', `fips-ids.0=${other}`, `server-id=${serverId}`)).toContain(other)
  expect(await json('fip', 'ip', 'get', other)).toMatchObject({ status: 'attached', server_id: serverId })

  const generated = await json('fip', 'mac', 'create', `fip-id=${one.id}`, 'mac-type=kvm')
  expect(generated.mac_address).toMatchObject({ mac_type: 'kvm', mac_address: expect.stringMatching(/^52:54:00:/) as unknown })
  expect(await human('fip', 'mac', 'duplicate', `fip-id=${other}`, `duplicate-from-fip-id=${one.id}`)).toContain(generated.mac_address?.mac_address)
  expect((await json('fip', 'ip', 'get', other)).mac_address?.id).toBe(generated.mac_address?.id)
  expect(await human('fip', 'mac', 'delete', `fip-id=${other}`)).toContain('successfully deleted')
  expect((await json('fip', 'ip', 'get', other)).mac_address).toBe(null)

  const detached = await json<{ flexible_ips: Ip[] }>('fip', 'ip', 'detach', `fips-ids.0=${one.id}`)
  expect(detached.flexible_ips).toMatchObject([{ id: one.id, status: 'detaching' }])
  const moved = await json('fip', 'mac', 'move', `fip-id=${one.id}`, `dst-fip-id=${block.id}`)
  expect(moved).toMatchObject({ id: block.id, mac_address: { id: generated.mac_address?.id } })
  expect(await human('fip', 'ip', 'delete', block.id)).toContain('successfully deleted')
  expect((await json<Ip[]>('fip', 'ip', 'list')).map(({ id }) => id).sort()).toEqual([one.id, other].sort())

  const entries = await journal()
  expect(entries.filter(({ unmatched }) => unmatched)).toEqual([])
  expect(entries.filter(({ status }) => status !== undefined && status >= 300)).toEqual([])
  expect(new Set(entries.flatMap(({ operation }) => operation ?? [])).size).toBe(11)
})

test('lists of scw have all pages, all zones, and the columns of the wide output', async () => {
  const ready = await start('--population', 'fr-par-1=130', '--population', 'nl-ams-1=3', '--server', 'nl-ams-1/db-1')
  const { human, json, journal } = terminal(ready)
  expect(await json<Ip[]>('fip', 'ip', 'list')).toHaveLength(130)
  const everywhere = await json<Ip[]>('fip', 'ip', 'list', 'zone=all')
  expect(everywhere).toHaveLength(133)
  expect(new Set(everywhere.map(({ zone }) => zone))).toEqual(new Set(['fr-par-1', 'nl-ams-1']))

  const [heading, ...rows] = rowsOf(await human('fip', 'ip', 'list', 'zone=nl-ams-1', '--output', 'wide'))
  expect(heading).toEqual(['ID', 'IP ADDRESS', 'STATUS', 'REVERSE', 'SERVER ID', 'DESCRIPTION', 'TAGS', 'PROJECT ID', 'ORGANIZATION ID', 'UPDATED AT', 'CREATED AT'])
  expect(rows.map(([id]) => id).sort()).toEqual(everywhere.filter(({ zone }) => zone === 'nl-ams-1').map(({ id }) => id).sort())
  const chosen = rowsOf(await human('fip', 'ip', 'list', 'zone=nl-ams-1', '--output', 'wide=ID,Status'))
  expect(chosen[0]).toEqual(['ID', 'STATUS'])
  const prod = await json<Ip[]>('fip', 'ip', 'list', 'tags.0=prod', 'status.0=ready', 'order-by=created_at_desc')
  const expected = everywhere.filter(({ zone, tags, status }) => zone === 'fr-par-1' && tags.includes('prod') && status === 'ready')
  expect(prod.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort())

  const pages = (await journal()).filter(({ target }) => target.includes('/fr-par-1/fips?'))
  expect(pages.filter(({ target }) => target.includes('page=7'))).not.toEqual([])
})

test.each(['--wait', '-w'])('scw fip ip create %s waits until the flexible IP is attached', async (flag) => {
  const ready = await start('--server', 'fr-par-1/web-1', '--clock', 'manual', '--timing', '{"create":60000}')
  const { json, journal } = terminal(ready)
  const created = json('fip', 'ip', 'create', `server-id=${ready.servers[0]?.id ?? ''}`, flag)
  const polls = async () => (await journal()).filter(({ operation }) => operation === 'getFlexibleIP').length
  while ((await polls()) === 0);
  await fetch(`${ready.url}/_emulator/clock`, { method: 'POST', body: '{"advanceMs":60000}' })
  expect(await created).toMatchObject({ status: 'attached', server_id: ready.servers[0]?.id })
  expect(await polls()).toBe(2)
})

test.each(['human', 'wide', 'json'])('every scw fip command prints the flexible IP or the deletion with --output %s', async (output) => {
  const ready = await start('--server', 'fr-par-1/web-1')
  const { human, json } = terminal(ready)
  const [one, other, third] = [await json('fip', 'ip', 'create'), await json('fip', 'ip', 'create'), await json('fip', 'ip', 'create', 'is-ipv6=true')]
  const server = `server-id=${ready.servers[0]?.id ?? ''}`
  const steps: [command: string, expected: string][] = [
    ['ip create description=mail', 'mail'],
    [`ip get ${one.id}`, one.id],
    [`ip update ${one.id} description=post`, 'post'],
    [`ip attach fips-ids.0=${one.id} ${server}`, one.id],
    [`ip attach fips-ids.0=${other.id} ${server}`, other.id],
    [`mac create fip-id=${one.id} mac-type=kvm`, '52:54:00:'],
    [`mac duplicate fip-id=${other.id} duplicate-from-fip-id=${one.id}`, '52:54:00:'],
    [`mac delete fip-id=${other.id}`, 'successfully deleted'],
    [`ip detach fips-ids.0=${one.id}`, one.id],
    [`mac move fip-id=${one.id} dst-fip-id=${third.id}`, third.id],
    ['ip list', one.id],
    ['ip list zone=all', other.id],
    [`ip delete ${third.id}`, 'successfully deleted'],
  ]
  for (const [command, expected] of steps) {
    const printed = await human('fip', ...command.split(' '), '--output', output)
    expect(printed, command).toContain(expected)
    if (output === 'json') expect(() => JSON.parse(printed) as unknown, command).not.toThrow()
  }
})

test('scw shows the servers and their offer, gives one a flexible IP, and deletes it', async () => {
  const ready = await start('--server', 'fr-par-1/web-1', '--server', 'nl-ams-1/db-1')
  const [web] = ready.servers
  const { human, json, journal } = terminal(ready)
  const [heading, ...rows] = rowsOf(await human('baremetal', 'server', 'list'))
  expect(heading?.slice(0, 4)).toEqual(['ID', 'Name', 'Offer Name', 'Status'])
  expect(rows.map((row) => row.slice(0, 4))).toEqual([[web?.id, 'web-1', 'EM-EMULATED', 'ready']])
  const everywhere = await json<{ name: string; offer_name: string }[]>('baremetal', 'server', 'list', 'zone=all')
  expect(everywhere.map(({ name, offer_name }) => [name, offer_name])).toEqual([['web-1', 'EM-EMULATED'], ['db-1', 'EM-EMULATED']])
  expect(fieldsOf(await human('baremetal', 'server', 'get', web?.id ?? ''))).toMatchObject({ Name: 'web-1', Status: 'ready', OfferName: 'EM-EMULATED' })

  const added = await json('baremetal', 'server', 'add-flexible-ip', web?.id ?? '', 'ip-type=IPv4')
  expect(added).toMatchObject({ status: 'attached', server_id: web?.id })
  await human('baremetal', 'server', 'delete', web?.id ?? '')
  expect(await json('fip', 'ip', 'get', added.id)).toMatchObject({ status: 'ready', server_id: null })
  expect((await journal()).filter(({ unmatched }) => unmatched)).toEqual([])
})

test('scw shows a refusal of the emulator as that of the service, and ends with 1', async () => {
  const { run, journal } = terminal(await start())
  const unknown = '7c715b98-e683-493a-9e62-109d684e4348'
  const human = await run('fip', 'ip', 'get', unknown)
  expect([human.code, human.stdout]).toEqual([1, ''])
  expect(human.stderr).toMatch(/insufficient permissions/i)
  const json = await run('fip', 'ip', 'attach', `fips-ids.0=${unknown}`, `server-id=${unknown}`, '--output', 'json')
  expect(json.code).toBe(1)
  expect(JSON.parse(json.stderr)).toEqual({ error: 'scaleway-sdk-go: insufficient permissions: read flexible-ip' })
  const denied = await run('fip', 'ip', 'create', `description=${'x'.repeat(256)}`)
  expect(denied.stderr).toMatch(/description/)
  expect((await journal()).filter(({ unmatched }) => unmatched)).toEqual([])
})

test('the guide says what scw asked in these tests and was answered', () => {
  answers.expectAsDocumented('scw 2.60.0')
})
