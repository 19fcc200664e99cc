// Several clients over real sockets that break: afterwards the emulator holds what the clients reported.
// FLEXIP_CHAOS_CALLS makes it long (npm run test:full -- chaos-sockets).
import { AmbiguousResultError, FlexibleIpClient, isFlexipError } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { expect, test } from 'vitest'
import { faultyProxy, served } from './support/faulty-proxy.js'

const calls = Number(process.env.FLEXIP_CHAOS_CALLS ?? 400)

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What a worker knows about the flexible IP that it created. `undefined`: the error said that the outcome is unknown. */
interface Order {
  tag: string
  made: boolean | undefined
  id?: string
  gone: boolean | undefined
  server?: string | null | undefined
  description?: string | undefined
  hasMac?: boolean | undefined
}

test('over broken connections no change is made twice, none is lost, and an unknown outcome is reported', { timeout: 1_500_000 }, async () => {
  const emulator = new FlexibleIpEmulator({ seed: 5, timing: 'instant', quota: 10_000 })
  const { port, server } = await served(emulator)
  const proxy = await faultyProxy(port, seeded(11), 0.3)
  // A server takes 64 flexible IPs at most.
  const servers = Array.from({ length: 2 + calls / 100 }, () => emulator.addServer({ zone: 'fr-par-1' }).id)
  const orders: Order[] = []
  const outcomes = new Map<string, number>()
  const deletions: (() => Promise<void>)[] = []
  let left = calls

  /** Runs a call: its result, `false` if the change was certainly not made, `undefined` if the outcome is unknown. */
  async function run<T>(call: () => Promise<T>): Promise<{ value: T } | false | undefined> {
    left--
    try {
      const value = await call()
      outcomes.set('a result', (outcomes.get('a result') ?? 0) + 1)
      return { value }
    } catch (error) {
      if (!isFlexipError(error)) throw error
      outcomes.set(error.name, (outcomes.get(error.name) ?? 0) + 1)
      if (error instanceof AmbiguousResultError) return undefined
      // A read changes nothing. A change whose outcome is unknown must reject with an AmbiguousResultError.
      expect(['ConnectionError', 'TimeoutError', 'DecodeError'], `${error.operation}: ${error.message}`).not.toContain(error.method === 'GET' ? '' : error.name)
      return false
    }
  }

  async function worker(number: number): Promise<void> {
    const random = seeded(100 + number)
    const client = new FlexibleIpClient({
      secretKey: emulator.secretKey,
      baseUrl: `http://127.0.0.1:${proxy.port}`,
      defaultZone: 'fr-par-1',
      defaultProjectId: emulator.projectId,
      timeoutMs: 1000,
      totalTimeoutMs: 10_000,
      retry: { baseDelayMs: 1, budget: 1_000_000 },
    })
    for (let round = 0; left > 0; round++) {
      const tag = `order-${number}-${round}`
      const order: Order = { tag, made: false, gone: false }
      orders.push(order)
      const key = random() < 0.5 ? { idempotencyKey: tag } : {}
      const made = await run(() => client.createFlexibleIP({ tags: [tag] }, key))
      order.made = made === undefined ? undefined : made !== false
      if (!made) continue
      const fipId = made.value.id
      Object.assign(order, { id: fipId, server: null, description: '', hasMac: false })

      const description = `description ${round}`
      const updated = await run(() => client.updateFlexibleIP({ fipId, description }))
      order.description = updated ? description : updated === false ? '' : undefined
      const serverId = servers[(round + number) % servers.length] ?? ''
      const attached = await run(() => client.ensureAttached({ fipsIds: [fipId], serverId }))
      order.server = attached ? serverId : undefined
      const generated = await run(() => client.generateMACAddr({ fipId, macType: 'kvm' }))
      order.hasMac = generated ? true : generated === false ? false : undefined
      if (random() < 0.5) {
        deletions.push(async () => {
          const deleted = await run(() => client.deleteFlexibleIP({ fipId }))
          order.gone = deleted ? true : undefined
        })
      }
    }
  }

  await Promise.all(Array.from({ length: 6 }, (_, number) => worker(number)))
  // Last, because ids return to the pool: a repeated deletion could delete a newer flexible IP with the same id.
  await Promise.all(Array.from({ length: 6 }, async () => {
    for (let deletion = deletions.pop(); deletion; deletion = deletions.pop()) await deletion()
  }))
  proxy.close()
  server.closeAllConnections()
  server.close()

  const direct = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1' })
  const truth = await direct.listFlexibleIPs().all()
  for (const { tag, made, id, gone, server: at, description, hasMac } of orders) {
    const held = truth.filter(({ tags }) => tags.includes(tag))
    if (made === undefined) expect(held.length, tag).toBeLessThanOrEqual(1)
    else if (!made || gone) expect(held, tag).toEqual([])
    else if (gone === false) {
      expect(held.map((ip) => ip.id), tag).toEqual([id])
      if (at !== undefined) expect(held[0]?.serverId ?? null, tag).toBe(at)
      if (description !== undefined) expect(held[0]?.description, tag).toBe(description)
      if (hasMac !== undefined) expect(held[0]?.macAddress !== undefined, tag).toBe(hasMac)
    } else expect(held.length, tag).toBeLessThanOrEqual(1)
  }
  expect(truth.every(({ tags }) => orders.some(({ tag }) => tags.includes(tag)))).toBe(true)
  for (const fault of ['latency', 'resetBefore', 'resetAfter', 'slowClose', 'limit', 'slicer'] as const) expect(proxy.injections.get(fault), fault).toBeGreaterThan(0)
  console.log(JSON.stringify({ calls, outcomes: Object.fromEntries(outcomes), injections: Object.fromEntries(proxy.injections), ips: truth.length }))
})
