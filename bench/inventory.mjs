// Listing all flexible IPs of all zones: 6 zones with 500 each, with a latency of 40 ms, with and without a rate limit.
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
  for (const [gateName, gate] of Object.entries(gates)) {
    const times = await inTurn(contenders(account), () => gated(fetch, { latencyMs, ...gate }).fetch)
    const compare = (name, aim) =>
      figures.push(figure({ name: `${gateName}: beside ${name}`, ours: times.ours, other: times[name], unit: times[name] ? 'ms' : 'ms, the other fails', ...(times[name] ? aim : {}) }))
    // Five times faster than in sequence, and as fast as Promise.all but for noise. With a small burst no client can be five times faster.
    const tight = gate.burst !== undefined
    compare('in sequence, pages of 20', tight ? {} : { atMost: 0.2 })
    compare('in sequence, pages of 100', tight ? {} : { atMost: 0.2 })
    compare('Promise.all, pages of 20', { atMost: 1.05 })
    compare('Promise.all, pages of 100', { atMost: 1.05 })
  }
  return figures
}

/** Each function returns the number of flexible IPs that it found. */
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

/** The median time of each contender in milliseconds, measured alternately; undefined where a run failed or missed flexible IPs. */
async function inTurn(contenders, fetchOf) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of Object.entries(contenders)) {
      const start = performance.now()
      const found = await read(fetchOf()).catch(() => 0)
      const isComplete = found === zones.length * perZone
      if (!isComplete && name === 'ours') throw new Error(`we found ${found} flexible IPs`)
      times[name].push(isComplete ? performance.now() - start : Infinity)
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, each]) => [name, each.includes(Infinity) ? undefined : median(each)]))
}

/** A `fetch` with the emulator's responses, each computed once, so that the emulator's time is not measured. */
async function service() {
  const emulator = new FlexibleIpEmulator({ timing: 'instant', quotas: undefined })
  const account = accountOf(emulator)
  const client = ourClient(emulator.fetch, account)
  for (const zone of zones) for (let made = 0; made < perZone; made++) await client.createFlexibleIP({ zone, tags: ['prod'] })
  const responses = new Map()
  const fetch = async (input, init) => {
    // The official SDK passes a Request, our client a URL and options.
    const url = input.url ?? input
    if (!responses.has(url)) {
      const response = await emulator.fetch(input, init)
      responses.set(url, { text: await response.text(), headers: [...response.headers] })
    }
    const { text, headers } = responses.get(url)
    return new Response(text, { headers })
  }
  return { fetch, account }
}
