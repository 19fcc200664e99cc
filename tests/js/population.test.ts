// A population of flexible IPs, and lists of it. Each filter returns the flexible IPs that a scan of all returns.
import { FlexibleIpClient } from 'flexip'
import { type EmulatorOptions, FlexibleIpEmulator } from 'flexip/emulator'
import { describe, expect, test } from 'vitest'

const zone = 'fr-par-1'

function populate(population: EmulatorOptions['population']) {
  const emulator = new FlexibleIpEmulator({ seed: 11, clock: 'manual', projects: ['7c715b98-e683-493a-9e62-109d684e4348'], ...(population !== undefined && { population }) })
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: zone, defaultProjectId: emulator.projectId })
  return { emulator, client }
}

describe('a list of 3,000 flexible IPs', async () => {
  const { emulator, client } = populate({ [zone]: 3000 })
  const all = await client.listFlexibleIPs({ pageSize: 100 }).all()
  const [first, second] = emulator.servers.map(({ id }) => id) as [string, string]
  const filters: [name: string, request: Parameters<typeof client.listFlexibleIPs>[0] & object][] = [
    ['a tag', { tags: ['prod'] }],
    ['one of two tags', { tags: ['rack-7', 'test'] }],
    ['a tag that no flexible IP has', { tags: ['none'] }],
    ['a status', { status: ['attached'] }],
    ['one of two statuses', { status: ['error', 'locked'] }],
    ['servers', { serverIds: [first, second] }],
    ['a Project', { projectId: emulator.projectId }],
    ['all at once', { tags: ['prod', 'test'], status: ['attached', 'ready'], serverIds: [first, second], projectId: emulator.projectId, organizationId: emulator.organizationId }],
    ['a tag and a status', { tags: ['rack-7'], status: ['ready'] }],
  ]
  test.each(filters)('filtered by %s', async (_name, request) => {
    const expected = all.filter(
      (ip) =>
        (!request.tags || request.tags.some((tag) => ip.tags.includes(tag))) &&
        (!request.status || request.status.includes(ip.status)) &&
        (!request.serverIds || request.serverIds.includes(ip.serverId ?? '')) &&
        (!request.projectId || request.projectId === ip.projectId),
    )
    const ids = expected.map(({ id }) => id)
    const filtered = await client.listFlexibleIPs({ ...request, pageSize: 100 }).all()
    expect(filtered.map(({ id }) => id)).toEqual(ids)
    const pageSize = 20
    const last = await client.listFlexibleIPs({ ...request, orderBy: 'created_at_desc', pageSize, page: Math.max(1, Math.ceil(ids.length / pageSize)) })
    expect(last.totalCount).toBe(ids.length)
    expect(last.flexibleIps.map(({ id }) => id)).toEqual(ids.slice(0, ids.length % pageSize || Math.min(ids.length, pageSize)).reverse())
  })

  test('is ordered by date of creation', () => {
    const dates = all.map(({ createdAt }) => createdAt?.getTime() ?? 0)
    expect(dates).toEqual([...dates].sort((one, other) => one - other))
    expect(all).toHaveLength(3000)
  })
})

test('a flexible IP of the population can be changed and deleted, and a reset brings it back', async () => {
  const { emulator, client } = populate(600)
  const [attached] = (await client.listFlexibleIPs({ status: ['attached'] })).flexibleIps
  if (!attached) throw new Error('no flexible IP is attached')
  await client.detachFlexibleIP({ fipsIds: [attached.id] })
  await client.updateFlexibleIP({ fipId: attached.id, tags: ['mine'] })
  emulator.restore(emulator.snapshot())
  const mine = await client.listFlexibleIPs({ tags: ['mine'], status: ['ready'] })
  expect([mine.totalCount, mine.flexibleIps[0]?.id]).toEqual([1, attached.id])
  await client.deleteFlexibleIP({ fipId: attached.id })
  expect((await client.listFlexibleIPs()).totalCount).toBe(99)
  emulator.reset()
  expect((await client.listFlexibleIPs()).totalCount).toBe(100)
})

test('an invalid population is refused', () => {
  expect(() => populate({ 'mars-1': 1 })).toThrow('"mars-1" is no zone with flexible IPs')
  expect(() => populate(4_000_001)).toThrow('population is 4000001, the most is 4000000')
  expect(() => populate('many' as never)).toThrow('population is a number, or an object with a number for each zone')
})
