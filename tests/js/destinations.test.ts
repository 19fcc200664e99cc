// Where flexible IPs can go: the pure function, and the same question to the emulator.
import { describe, expect, test } from 'vitest'
import { type FlexibleIP, FlexibleIpClient, InvalidArgumentsError, destinations, validate } from '../../js/index.js'
import { FlexibleIpEmulator } from '../../js/emulator.js'

const servers = [
  { id: 'a', zone: 'fr-par-1' },
  { id: 'b', zone: 'fr-par-1' },
  { id: 'c', zone: 'nl-ams-1' },
]

function ip(id: string, fields: Partial<FlexibleIP> = {}): FlexibleIP {
  return { id, organizationId: 'o', projectId: 'p', description: '', tags: [], status: fields.serverId === undefined ? 'ready' : 'attached', ipAddress: id, reverse: '', zone: 'fr-par-1', ...fields }
}

const mac = { id: 'm', macAddress: '52:54:00:00:00:01', macType: 'kvm', status: 'used', zone: 'fr-par-1' } as const
const many = (count: number, serverId: string) => Array.from({ length: count }, (_, index) => ip(`x${index}`, { serverId }))

/** The reasons of each server. */
const reasons = (ips: FlexibleIP[], others: FlexibleIP[] = []) => destinations(ips, { flexibleIps: [...ips, ...others], servers }).destinations.map(({ problems }) => problems.map(({ reason }) => reason))

describe('destinations', () => {
  test('of a flexible IP are the servers of its zone, without its own', () => {
    expect(reasons([ip('1', { serverId: 'a' })])).toEqual([['here'], [], ['zone']])
    expect(reasons([ip('1')])).toEqual([[], [], ['zone']])
  })

  test('of flexible IPs of two zones are none', () => {
    expect(reasons([ip('1'), ip('2', { zone: 'nl-ams-1' })])).toEqual([['zone'], ['zone'], ['zone']])
  })

  test('are not full: 64 is the most, and a whole MAC group counts', () => {
    expect(reasons([ip('1')], many(63, 'b'))[1]).toEqual([])
    expect(reasons([ip('1')], many(64, 'b'))[1]).toEqual(['full'])
    const group = [ip('1', { serverId: 'a', macAddress: mac }), ip('2', { serverId: 'a', macAddress: mac })]
    expect(reasons([group[0]!], [group[1]!, ...many(63, 'b')])[1]).toEqual(['full'])
    expect(destinations([group[0]!], { flexibleIps: group, servers }).movesAlong).toEqual([group[1]])
  })

  test('of a MAC group that is on two servers, or of a flexible IP in error, are none', () => {
    expect(reasons([ip('1', { serverId: 'a', macAddress: mac })], [ip('2', { serverId: 'b', macAddress: mac })])[1]).toEqual(['group'])
    expect(reasons([ip('1', { status: 'error' })])[0]).toEqual(['status'])
  })

  test('have the limit that the rules of requests have', () => {
    const ids = Array.from({ length: 65 }, (_, index) => `00000000-0000-4000-8000-0000000000${index.toString(16).padStart(2, '0')}`)
    const problems = (fipsIds: string[]) => validate.attachFlexibleIP({ zone: 'fr-par-1', serverId: ids[0]!, fipsIds }).filter(({ severity }) => severity === 'error')
    expect([problems(ids.slice(0, 64)).length, problems(ids).length > 0]).toEqual([0, true])
  })

  test('agree with the emulator: a move to one that is possible succeeds', async () => {
    const emulator = new FlexibleIpEmulator({ servers: [{ zone: 'fr-par-1', name: 'a' }, { zone: 'fr-par-1', name: 'b' }, { zone: 'nl-ams-1', name: 'c' }] })
    const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
    const [a] = emulator.servers.filter(({ name }) => name === 'a')
    const { id } = await client.createAndAttach({ serverId: a!.id })
    const { flexibleIps } = await client.listAllZones()
    for (const { serverId, possible, problems } of destinations(flexibleIps, { flexibleIps, servers: emulator.servers }).destinations) {
      const move = client.ensureAttached({ fipsIds: [id], serverId, dryRun: false })
      if (possible) await expect(move).resolves.toMatchObject([{ serverId }])
      else if (problems.some(({ reason }) => reason !== 'here')) await expect(move).rejects.toThrow()
      else await expect(move).resolves.toMatchObject([{ serverId }])
    }
  })

  test.each<[unknown, unknown]>([[undefined, {}], [[], undefined], [[], { flexibleIps: [] }], [7, { flexibleIps: [], servers: [] }], [[], { servers: [] }]])('of %j among %j throw an InvalidArgumentsError', (ips, known) => {
    expect(() => destinations(ips as never, known as never)).toThrow(InvalidArgumentsError)
  })
})
