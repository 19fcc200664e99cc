// The official JavaScript SDK, unchanged, against the emulator on a port. Every step is checked on both sides: the
// result of the SDK, and the state of the emulator.
import { createClient } from '@scaleway/sdk-client'
import { Flexibleipv1alpha1 } from '@scaleway/sdk-flexibleip'
import { expect, test } from 'vitest'
import { Answers } from '../clients/answers.js'
import { type Ready, start } from './support/served.js'

const answers = new Answers()

const unknownId = '7c715b98-e683-493a-9e62-109d684e4348'

interface State {
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

/** The control paths of the emulator. */
function control({ url }: Pick<Ready, 'url'>) {
  const get = async <T>(path: string): Promise<T> => (await (await fetch(`${url}/_emulator/${path}`)).json()) as T
  const send = async (method: string, path: string, body?: unknown): Promise<void> => {
    const { status } = await fetch(`${url}/_emulator/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
    expect(status).toBeLessThan(300)
  }
  return {
    journal: () => answers.read(url),
    state: async () => (await get<State>('snapshot')).state,
    advance: (advanceMs: number) => send('POST', 'clock', { advanceMs }),
    fault: (rule: unknown) => send('POST', 'faults', rule),
    clearJournal: () => send('DELETE', 'journal'),
  }
}

test('all 11 operations do what the results of the SDK say', async () => {
  const { api, first, ready, state, journal } = await session()
  const create = () => api.createFlexibleIP({ description: 'mail', tags: ['a', 'b'], isIpv6: false })
  const [one, other, third] = [await create(), await create(), await api.createFlexibleIP({ description: 'block', isIpv6: true })]
  expect(one).toMatchObject({ status: 'ready', projectId: ready.projectId, ipAddress: '195.154.141.1', tags: ['a', 'b'], zone: 'fr-par-1' })
  expect(one.updatedAt).toEqual(new Date('2026-01-01T00:00:00.000Z'))
  expect(third.ipAddress).toMatch(/^2001:bc8:702:.*\/64$/)
  expect(Object.keys((await state()).ips).sort()).toEqual([one.id, other.id, third.id].sort())

  expect(await api.getFlexibleIP({ fipId: one.id })).toMatchObject({ id: one.id, description: 'mail' })
  expect(await api.updateFlexibleIP({ fipId: one.id, description: 'post', tags: [] })).toMatchObject({ description: 'post', tags: [] })
  expect((await state()).ips[one.id]).toMatchObject({ description: 'post', tags: [] })
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
  expect((await state()).groups[macAddress?.id ?? '']?.members.sort()).toEqual([one.id, other.id].sort())

  expect(await api.deleteMACAddr({ fipId: other.id })).toBeUndefined()
  await api.getFlexibleIP({ fipId: other.id })
  expect((await state()).ips[other.id]?.mac_id ?? null).toBeNull()
  expect(await api.detachFlexibleIP({ fipsIds: [one.id] })).toMatchObject({ totalCount: 1, flexibleIps: [{ id: one.id, status: 'detaching' }] })
  expect(await api.getFlexibleIP({ fipId: one.id })).toMatchObject({ status: 'ready', serverId: null })
  expect(await api.moveMACAddr({ fipId: one.id, dstFipId: third.id })).toMatchObject({ id: third.id, macAddress: { id: macAddress?.id } })
  expect(await api.deleteFlexibleIP({ fipId: third.id })).toBeUndefined()
  expect(Object.keys((await state()).ips)).not.toContain(third.id)

  const requests = await journal()
  expect(new Set(requests.map(({ operation }) => operation)).size).toBe(11)
  expect(requests.filter(({ unmatched, status }) => unmatched || (status ?? 500) >= 300)).toEqual([])
})

test('waitForFlexibleIP waits until the flexible IP is attached', async () => {
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

test('the pages, read together or one by one, have every flexible IP once', async () => {
  const { api, journal, clearJournal } = await session()
  const ids = []
  for (let number = 0; number < 7; number++) ids.push((await api.createFlexibleIP({ description: `${number}`, isIpv6: false })).id)
  await clearJournal()
  expect((await api.listFlexibleIPs({ pageSize: 3 }).all()).map(({ id }) => id).sort()).toEqual([...ids].sort())
  const pages = []
  for await (const page of api.listFlexibleIPs({ pageSize: 3, orderBy: 'created_at_desc' })) pages.push(page.map(({ id }) => id))
  expect(pages.flat()).toEqual(ids.reverse())
  const targets = (await journal()).map(({ target }) => target.split('?')[1])
  expect(targets).toContain('order_by=created_at_desc&page=3&page_size=3')
})

test('refusals become the error classes of the SDK', async () => {
  const { api, first, second, ready, fault, journal } = await session()
  const anError = (name: string, more: object = {}) => expect.objectContaining({ name, ...more }) as unknown
  const failure = async (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error)
  expect(await failure(api.getFlexibleIP({ fipId: unknownId }))).toEqual(anError('PermissionsDeniedError', { status: 403 }))
  expect(await failure(api.deleteMACAddr({ fipId: unknownId }))).toEqual(anError('ResourceNotFoundError', { resource: 'flexible_ips', resourceId: unknownId }))
  expect(await failure(api.createFlexibleIP({ description: 'x'.repeat(256), isIpv6: false }))).toEqual(anError('InvalidArgumentsError', { status: 400 }))
  expect(await failure(api.createFlexibleIP({ description: 'x', isIpv6: false, serverId: unknownId }))).toEqual(anError('ResourceNotFoundError', { resource: 'server' }))
  const [one, other] = [await api.createFlexibleIP({ description: '1', isIpv6: false, serverId: first.id }), await api.createFlexibleIP({ description: '2', isIpv6: false, serverId: second.id })]
  expect(await failure(api.attachFlexibleIP({ fipsIds: [one.id, other.id], serverId: first.id }))).toEqual(anError('PreconditionFailedError', { precondition: 'resource_not_usable' }))
  const unauthorized = createClient({ apiURL: ready.url, accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey: unknownId, defaultZone: 'fr-par-1' })
  expect(await failure(new Flexibleipv1alpha1.API(unauthorized).listFlexibleIPs())).toEqual(anError('DeniedAuthenticationError', { status: 401 }))
  await fault({ operation: 'listFlexibleIPs', times: 1, fault: 'dropBefore' })
  expect(await failure(api.listFlexibleIPs())).toEqual(anError('TypeError', { message: 'fetch failed' }))
  expect(await api.listFlexibleIPs()).toMatchObject({ totalCount: 2 })
  await journal()
})

test('the guide says what the SDK asked in these tests and was answered', () => {
  answers.expectAsDocumented('JavaScript SDK 1.2.0')
})
