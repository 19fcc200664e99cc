// The rules between several flexible IPs, which are read first. The service is the emulator.
import { FlexibleIpClient, InvalidArgumentsError, PermissionsDeniedError, DecodeError, checkSameServer, type Fetch } from 'flexip'
import { type EmulatorOptions, FlexibleIpEmulator } from 'flexip/emulator'
import { describe, expect, test } from 'vitest'
import { fipId, flexibleIp } from './support/bodies.js'
import { clientOf, failure, farEnd, json, rejection } from './support/wire.js'

/** An emulator and its client, with two servers. */
function world(options: EmulatorOptions = {}, wrap: (fetch: Fetch) => Fetch = (fetch) => fetch) {
  const emulator = new FlexibleIpEmulator({ seed: 7, clock: 'manual', ...options })
  const [one, other] = [emulator.addServer({ zone: 'fr-par-1' }), emulator.addServer({ zone: 'fr-par-1' })]
  const client = new FlexibleIpClient({
    secretKey: emulator.secretKey,
    fetch: wrap(emulator.fetch),
    defaultZone: 'fr-par-1',
    defaultProjectId: emulator.projectId,
  })
  const requests = () => emulator.journal.map(({ method, target }) => `${method} ${target.split('/fips')[1]}`)
  return { emulator, client, one, other, requests }
}

describe('a duplication of a MAC address', () => {
  test('reads both flexible IPs at once, and is then sent', async () => {
    const onTheirWay: string[] = []
    let atOnce = 0
    const counting = (fetch: Fetch): Fetch => async (url, init) => {
      onTheirWay.push(url)
      atOnce = Math.max(atOnce, onTheirWay.length)
      const response = await fetch(url, init)
      onTheirWay.splice(onTheirWay.indexOf(url), 1)
      return response
    }
    const { client, emulator, one, requests } = world({}, counting)
    const source = await client.createFlexibleIP({ serverId: one.id })
    const destination = await client.createFlexibleIP({ serverId: one.id })
    const { macAddress } = await client.generateMACAddr({ fipId: source.id, macType: 'kvm' })
    emulator.clearJournal()
    atOnce = 0

    const result = await client.duplicateMACAddr({ fipId: destination.id, duplicateFromFipId: source.id })
    expect(result).toMatchObject({ id: destination.id, macAddress: { id: macAddress?.id, macAddress: macAddress?.macAddress } })
    expect(requests().sort()).toEqual([`GET /${destination.id}`, `GET /${source.id}`, `POST /${destination.id}/mac/duplicate`].sort())
    expect(requests().at(-1)).toBe(`POST /${destination.id}/mac/duplicate`)
    expect(atOnce).toBe(2)
  })

  test('between servers is refused, and names both', async () => {
    const { client, one, other, requests } = world()
    const source = await client.createFlexibleIP({ serverId: one.id })
    const destination = await client.createFlexibleIP({ serverId: other.id })
    const error = await failure(client.duplicateMACAddr({ fipId: destination.id, duplicateFromFipId: source.id }), InvalidArgumentsError)
    expect(error.details).toMatchObject([{ field: 'duplicateFromFipId', argumentName: 'duplicate_from_fip_id', reason: 'constraint' }])
    for (const named of [source.id, destination.id, one.id, other.id]) expect(error.message).toContain(named)
    expect(error).toMatchObject({ operation: 'duplicateMACAddr', attempts: 0, retryable: false })
    expect(requests().filter((request) => request.includes('duplicate'))).toEqual([])
  })

  test('from or to a flexible IP that is not attached is refused', async () => {
    const { client, one } = world()
    const loose = await client.createFlexibleIP()
    const attached = await client.createFlexibleIP({ serverId: one.id })
    for (const [source, destination] of [[loose, attached], [attached, loose], [loose, await client.createFlexibleIP()]] as const) {
      const error = await failure(client.duplicateMACAddr({ fipId: destination.id, duplicateFromFipId: source.id }), InvalidArgumentsError)
      expect(error.message).toContain('is attached to no server (status ready)')
    }
  })

  test('is sent at once if the preflight is skipped, and the service refuses it', async () => {
    const { client, one, other, emulator, requests } = world()
    const source = await client.createFlexibleIP({ serverId: one.id })
    const destination = await client.createFlexibleIP({ serverId: other.id })
    await client.generateMACAddr({ fipId: source.id, macType: 'kvm' })
    emulator.clearJournal()
    const refused = await rejection(client.duplicateMACAddr({ fipId: destination.id, duplicateFromFipId: source.id }, { skipPreflight: true }))
    expect(refused).toMatchObject({ status: 412, attempts: 1 })
    expect(requests()).toEqual([`POST /${destination.id}/mac/duplicate`])
  })

  test('says which of the two cannot be read, and stops the other read', async () => {
    const { client, one } = world()
    const { id } = await client.createFlexibleIP({ serverId: one.id })
    const error = await failure(client.duplicateMACAddr({ fipId: id, duplicateFromFipId: fipId }), PermissionsDeniedError)
    expect(error).toMatchObject({ operation: 'duplicateMACAddr', method: 'GET', url: expect.stringMatching(new RegExp(`/${fipId}$`)) as string, attempts: 0 })

    const signals: (AbortSignal | undefined)[] = []
    const half: Fetch = (url, init) => {
      signals.push(init.signal)
      return url.endsWith(fipId) ? Promise.resolve(json(403, { type: 'permissions_denied', message: 'no', details: [] })) : new Promise(() => {})
    }
    await failure(clientOf(half).duplicateMACAddr({ fipId: id, duplicateFromFipId: fipId }), PermissionsDeniedError)
    expect(signals.map((signal) => signal?.aborted)).toContain(true)
  })

  test('is not sent if a response to a read cannot be decoded', async () => {
    for (const body of [{}, [], { id: fipId }, flexibleIp({ server_id: 'x' }), flexibleIp({ mac_address: 7 })]) {
      const { fetch, sent } = farEnd(() => json(200, body))
      await failure(clientOf(fetch).duplicateMACAddr({ fipId: '1c2efc8c-d423-453d-a445-33e41cd2ef32', duplicateFromFipId: fipId }), DecodeError)
      expect(sent.every(({ method }) => method === 'GET')).toBe(true)
    }
  })

  test('ends with the caller’s signal between the reads and the request', async () => {
    const controller = new AbortController()
    const { client, one, emulator, requests } = world({}, (fetch) => async (url, init) => {
      const response = await fetch(url, init)
      if (requests().length === 2) controller.abort('enough')
      return response
    })
    const [source, destination] = [await client.createFlexibleIP({ serverId: one.id }), await client.createFlexibleIP({ serverId: one.id })]
    emulator.clearJournal()
    expect(await rejection(client.duplicateMACAddr({ fipId: destination.id, duplicateFromFipId: source.id }, { signal: controller.signal }))).toBe('enough')
    expect(requests().filter((request) => request.startsWith('POST'))).toEqual([])
  })
})

describe.each(['attachFlexibleIP', 'detachFlexibleIP'] as const)('%s', (name) => {
  test('of one is sent at once', async () => {
    const { client, one, emulator, requests } = world()
    const { id } = await client.createFlexibleIP()
    emulator.clearJournal()
    await client[name]({ fipsIds: [id], ...(name === 'attachFlexibleIP' && { serverId: one.id }) } as never)
    expect(requests()).toHaveLength(1)
  })

  test('of several that are not one MAC group is refused, and names two that differ', async () => {
    const { client, one, requests } = world()
    const ips = [await client.createFlexibleIP(), await client.createFlexibleIP(), await client.createFlexibleIP()]
    await client.generateMACAddr({ fipId: ips[0]?.id ?? '', macType: 'kvm' })
    const request = { fipsIds: ips.map(({ id }) => id), ...(name === 'attachFlexibleIP' && { serverId: one.id }) }
    const error = await failure(client[name](request as never), InvalidArgumentsError)
    expect(error.details).toMatchObject([{ field: 'fipsIds', argumentName: 'fips_ids', reason: 'constraint' }])
    expect(error.message).toContain(`${ips[0]?.id} carries MAC`)
    expect(error.message).toContain(`${ips[1]?.id} carries no MAC`)
    expect(requests().filter((sent) => /\/(at|de)tach$/.test(sent))).toEqual([])
  })

  test('of a whole MAC group is sent', async () => {
    const { client, one, other, requests } = world()
    const [first, second] = [await client.createFlexibleIP({ serverId: one.id }), await client.createFlexibleIP({ serverId: one.id })]
    await client.generateMACAddr({ fipId: first.id, macType: 'kvm' })
    await client.duplicateMACAddr({ fipId: second.id, duplicateFromFipId: first.id })
    const request = { fipsIds: [first.id, second.id], ...(name === 'attachFlexibleIP' && { serverId: other.id }) }
    const { totalCount, flexibleIps } = await client[name](request as never)
    expect([totalCount, flexibleIps.map(({ id }) => id).sort()]).toEqual([2, request.fipsIds.sort()])
    expect(requests().at(-1)).toMatch(/^POST \/(at|de)tach$/)
  })
})

test('checkSameServer is the same rule, without a network', async () => {
  const { client, one, other } = world()
  const create = async (serverId: string) => client.getFlexibleIP({ fipId: (await client.createFlexibleIP({ serverId })).id })
  const [a, b, c] = [await create(one.id), await create(one.id), await create(other.id)]
  expect(checkSameServer(a, b)).toEqual([])
  const [problem] = checkSameServer(a, c)
  expect(problem?.helpMessage).toBe(
    `both flexible IPs must be attached to the same server: source ${a.id} is attached to server ${one.id}, destination ${c.id} is attached to server ${other.id}`,
  )
  expect(checkSameServer(a, {} as never)).toMatchObject([{ field: 'destination', reason: 'format' }])
  expect(checkSameServer(null as never, a)).toMatchObject([{ field: 'source', reason: 'format' }])
})
