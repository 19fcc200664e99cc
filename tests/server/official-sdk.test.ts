// The official JavaScript SDK, as its registry has it, against the emulator on a port. Every step is
// looked at from both sides: what the SDK says, and what the emulator holds.
import { createClient } from '@scaleway/sdk-client'
import { Flexibleipv1alpha1 } from '@scaleway/sdk-flexibleip'
import type { JournalEntry } from 'flexip/emulator'
import { expect, test } from 'vitest'
import { type Ready, start } from './support/served.js'

const nobody = '7c715b98-e683-493a-9e62-109d684e4348'

interface Held {
  state: { ips: Record<string, { description: string; status: string; server_id: string | null; mac_id: string | null }>; groups: Record<string, { members: string[] }> }
}

async function session(...args: string[]) {
  const ready = await start('--clock', 'manual', '--server', 'fr-par-1/web-1', '--server', 'fr-par-1/web-2', ...args)
  const { url, secretKey, projectId, servers } = ready
  const sdk = createClient({ apiURL: url, accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey, defaultProjectId: projectId, defaultZone: 'fr-par-1', defaultRegion: 'fr-par' })
  const [first, second] = servers
  if (!first || !second) throw new Error('the emulator has no servers')
  return { api: new Flexibleipv1alpha1.API(sdk), ready, first, second, ...control(ready) }
}

/** The emulator's own side. */
function control({ url }: Pick<Ready, 'url'>) {
  const get = async <T>(path: string): Promise<T> => (await (await fetch(`${url}/_emulator/${path}`)).json()) as T
  const send = async (method: string, path: string, body?: unknown): Promise<void> => {
    const { status } = await fetch(`${url}/_emulator/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
    expect(status).toBeLessThan(300)
  }
  return {
    journal: () => get<JournalEntry[]>('journal'),
    held: async () => (await get<Held>('snapshot')).state,
    advance: (advanceMs: number) => send('POST', 'clock', { advanceMs }),
    fault: (rule: unknown) => send('POST', 'faults', rule),
    forget: () => send('DELETE', 'journal'),
  }
}

test('all 11 operations do what the SDK says they did', async () => {
  const { api, first, ready, held, journal } = await session()
  const create = () => api.createFlexibleIP({ description: 'mail', tags: ['a', 'b'], isIpv6: false })
  const [one, other, third] = [await create(), await create(), await api.createFlexibleIP({ description: 'block', isIpv6: true })]
  expect(one).toMatchObject({ status: 'ready', projectId: ready.projectId, ipAddress: '195.154.141.1', tags: ['a', 'b'], zone: 'fr-par-1' })
  expect(one.updatedAt).toEqual(new Date('2026-01-01T00:00:00.000Z'))
  expect(third.ipAddress).toMatch(/^2001:bc8:702:.*\/64$/)
  expect(Object.keys((await held()).ips).sort()).toEqual([one.id, other.id, third.id].sort())

  expect(await api.getFlexibleIP({ fipId: one.id })).toMatchObject({ id: one.id, description: 'mail' })
  expect(await api.updateFlexibleIP({ fipId: one.id, description: 'post', tags: [] })).toMatchObject({ description: 'post', tags: [] })
  expect((await held()).ips[one.id]).toMatchObject({ description: 'post', tags: [] })
  expect(await api.listFlexibleIPs({ tags: ['b'] })).toMatchObject({ totalCount: 1, flexibleIps: [{ id: other.id }] })

  for (const { id } of [one, other]) {
    expect(await api.attachFlexibleIP({ fipsIds: [id], serverId: first.id })).toMatchObject({ totalCount: 1, flexibleIps: [{ id, status: 'updating' }] })
  }
  expect((await api.getFlexibleIP({ fipId: one.id })).serverId).toBe(first.id)

  const { macAddress } = await api.generateMACAddr({ fipId: one.id, macType: 'kvm' })
  expect(macAddress).toMatchObject({ macType: 'kvm', macAddress: expect.stringMatching(/^52:54:00:/) as string })
  await api.getFlexibleIP({ fipId: one.id })
  expect((await api.duplicateMACAddr({ fipId: other.id, duplicateFromFipId: one.id })).macAddress?.id).toBe(macAddress?.id)
  await api.getFlexibleIP({ fipId: one.id })
  expect((await held()).groups[macAddress?.id ?? '']?.members.sort()).toEqual([one.id, other.id].sort())

  expect(await api.deleteMACAddr({ fipId: other.id })).toBeUndefined()
  await api.getFlexibleIP({ fipId: other.id })
  expect((await held()).ips[other.id]?.mac_id ?? null).toBeNull()
  expect(await api.detachFlexibleIP({ fipsIds: [one.id] })).toMatchObject({ totalCount: 1, flexibleIps: [{ id: one.id, status: 'detaching' }] })
  expect(await api.getFlexibleIP({ fipId: one.id })).toMatchObject({ status: 'ready', serverId: null })
  expect(await api.moveMACAddr({ fipId: one.id, dstFipId: third.id })).toMatchObject({ id: third.id, macAddress: { id: macAddress?.id } })
  expect(await api.deleteFlexibleIP({ fipId: third.id })).toBeUndefined()
  expect(Object.keys((await held()).ips)).not.toContain(third.id)

  const requests = await journal()
  expect(new Set(requests.map(({ operation }) => operation)).size).toBe(11)
  expect(requests.filter(({ unmatched, status }) => unmatched || (status ?? 500) >= 300)).toEqual([])
})

test('waitForFlexibleIP waits until the attachment has happened', async () => {
  const { api, first, journal, advance } = await session('--timing', '{"attach":60000}')
  const { id } = await api.createFlexibleIP({ description: 'mail', isIpv6: false })
  await api.attachFlexibleIP({ fipsIds: [id], serverId: first.id })
  const waiting = api.waitForFlexibleIP({ fipId: id }, { maxDelay: 1 })
  const polls = async () => (await journal()).filter(({ operation }) => operation === 'getFlexibleIP').length
  while ((await polls()) === 0);
  await advance(60_000)
  expect(await waiting).toMatchObject({ id, status: 'attached', serverId: first.id })
  expect(await polls()).toBeGreaterThan(1)
})

test('all pages, and the pages one by one, hold every flexible IP once', async () => {
  const { api, journal, forget } = await session()
  const ids = []
  for (let number = 0; number < 7; number++) ids.push((await api.createFlexibleIP({ description: `${number}`, isIpv6: false })).id)
  await forget()
  expect((await api.listFlexibleIPs({ pageSize: 3 }).all()).map(({ id }) => id).sort()).toEqual([...ids].sort())
  const pages = []
  for await (const page of api.listFlexibleIPs({ pageSize: 3, orderBy: 'created_at_desc' })) pages.push(page.map(({ id }) => id))
  expect(pages.flat()).toEqual(ids.reverse())
  const targets = (await journal()).map(({ target }) => target.split('?')[1])
  expect(targets).toContain('order_by=created_at_desc&page=3&page_size=3')
})

test('refusals are the errors that the SDK knows', async () => {
  const { api, first, second, ready, fault } = await session()
  const refused = (name: string, more: object = {}) => expect.objectContaining({ name, ...more }) as unknown
  const failure = async (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error)
  expect(await failure(api.getFlexibleIP({ fipId: nobody }))).toEqual(refused('PermissionsDeniedError', { status: 403 }))
  expect(await failure(api.deleteMACAddr({ fipId: nobody }))).toEqual(refused('ResourceNotFoundError', { resource: 'flexible_ips', resourceId: nobody }))
  expect(await failure(api.createFlexibleIP({ description: 'x'.repeat(256), isIpv6: false }))).toEqual(refused('InvalidArgumentsError', { status: 400 }))
  expect(await failure(api.createFlexibleIP({ description: 'x', isIpv6: false, serverId: nobody }))).toEqual(refused('ResourceNotFoundError', { resource: 'server' }))
  const [one, other] = [await api.createFlexibleIP({ description: '1', isIpv6: false, serverId: first.id }), await api.createFlexibleIP({ description: '2', isIpv6: false, serverId: second.id })]
  expect(await failure(api.attachFlexibleIP({ fipsIds: [one.id, other.id], serverId: first.id }))).toEqual(refused('PreconditionFailedError', { precondition: 'resource_not_usable' }))
  const stranger = createClient({ apiURL: ready.url, accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey: nobody, defaultZone: 'fr-par-1' })
  expect(await failure(new Flexibleipv1alpha1.API(stranger).listFlexibleIPs())).toEqual(refused('DeniedAuthenticationError', { status: 401 }))
  await fault({ operation: 'listFlexibleIPs', times: 1, fault: 'dropBefore' })
  expect(await failure(api.listFlexibleIPs())).toEqual(refused('TypeError', { message: 'fetch failed' }))
  expect(await api.listFlexibleIPs()).toMatchObject({ totalCount: 2 })
})
