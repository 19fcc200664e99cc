// All flexible IPs of all zones: 6 zones of 500, 40 ms to the service, and a gateway that refuses.
import { FlexibleIpEmulator } from 'flexip/emulator'
import { accountOf, officialApi, ourClient } from './contenders.mjs'
import { figure, median } from './figure.mjs'
import { gated } from './gate.mjs'

const zones = ['fr-par-1', 'fr-par-2', 'nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3']
const perZone = 500
const latencyMs = 40
const rounds = 7
const gates = {
  'no gate': {},
  '100 requests/s': { perSecond: 100 },
  '100 requests/s, 10 at once': { perSecond: 100, burst: 10 },
}

export async function inventory() {
  const { fetch, account } = await service()
  const figures = []
  for (const [name, gate] of Object.entries(gates)) {
    const times = await inTurn(contenders(account), () => gated(fetch, { latencyMs, ...gate }).fetch)
    const beside = (who, aim) =>
      figures.push(figure({ name: `${name}: beside ${who}`, ours: times.ours, other: times[who], unit: times[who] ? 'ms' : 'ms, the other fails', ...(times[who] ? aim : {}) }))
    // 5 times faster; as fast, with the noise of a busy machine. Against a tight gate nobody can be that fast.
    const tight = gate.burst !== undefined
    beside('in sequence, pages of 20', tight ? {} : { atMost: 0.2 })
    beside('in sequence, pages of 100', tight ? {} : { atMost: 0.2 })
    beside('Promise.all, pages of 20', { atMost: 1.05 })
    beside('Promise.all, pages of 100', { atMost: 1.05 })
  }
  return figures
}

/** Each gives how many flexible IPs it found. */
function contenders(account) {
  const official = (read) => (fetch) => read(officialApi(fetch, account))
  const sequence = (pageSize) =>
    official(async (api) => {
      let found = 0
      for (const zone of zones) found += (await api.listFlexibleIPs({ zone, pageSize }).all()).length
      return found
    })
  const parallel = (pageSize) =>
    official(async (api) => {
      const lists = await Promise.all(zones.map((zone) => api.listFlexibleIPs({ zone, pageSize }).all()))
      return lists.flat().length
    })
  return {
    ours: async (fetch) => (await ourClient(fetch, account).listAllZones()).flexibleIps.length,
    'in sequence, pages of 20': sequence(undefined),
    'in sequence, pages of 100': sequence(100),
    'Promise.all, pages of 20': parallel(undefined),
    'Promise.all, pages of 100': parallel(100),
  }
}

/** The median of the milliseconds of each, in turn; none for who fails or misses some. */
async function inTurn(contenders, fetchOf) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of Object.entries(contenders)) {
      const start = performance.now()
      const found = await read(fetchOf()).catch(() => 0)
      const whole = found === zones.length * perZone
      if (!whole && name === 'ours') throw new Error(`we found ${found} flexible IPs`)
      times[name].push(whole ? performance.now() - start : Infinity)
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, each]) => [name, each.includes(Infinity) ? undefined : median(each)]))
}

/** The emulator's answers, each asked for once: its own time is nobody's. */
async function service() {
  const emulator = new FlexibleIpEmulator({ timing: 'instant', quotas: undefined })
  const account = accountOf(emulator)
  const client = ourClient(emulator.fetch, account)
  for (const zone of zones) for (let made = 0; made < perZone; made++) await client.createFlexibleIP({ zone, tags: ['prod'] })
  const kept = new Map()
  const fetch = async (input, init) => {
    // The official SDK hands over a Request, we a URL and its options.
    const url = input.url ?? input
    if (!kept.has(url)) {
      const answer = await emulator.fetch(input, init)
      kept.set(url, { text: await answer.text(), headers: [...answer.headers] })
    }
    const { text, headers } = kept.get(url)
    return new Response(text, { headers })
  }
  return { fetch, account }
}
