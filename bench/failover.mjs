// A MAC group of four and four single flexible IPs move from one server to another.
//
// Measured are the time that the client loses (see critical-path.mjs) and the number of its requests, in
// virtual time over many seeds. Some seeds run in real time too, for comparison.
import { FlexibleIpEmulator } from 'flexip/emulator'
import { accountOf, officialApi, ourClient } from './contenders.mjs'
import { lostMs } from './critical-path.mjs'
import { bounded, figure, median } from './figure.mjs'
import { inVirtualTime } from './virtual-time.mjs'

const zone = 'fr-par-1'
const seeds = Array.from({ length: 60 }, (_, number) => number + 1)
const seedsInRealTime = seeds.slice(0, 20)

export async function failover() {
  const ours = await inManyRuns(withOurs)
  const official = await inManyRuns(withOfficial())
  const everySecond = await inManyRuns(withOfficial({ minDelay: 1, maxDelay: 1 }))
  const real = await inRealTime(withOurs, withOfficial({ minDelay: 1, maxDelay: 1 }))
  const lost = { ours: ours.lost, unit: 'ms lost' }
  const requests = { ours: ours.requests, unit: 'requests' }
  return [
    figure({ name: 'loss, beside the official SDK', ...lost, other: official.lost, atMost: 0.1 }),
    bounded({ name: 'loss in all', ...lost, atMost: 300 }),
    figure({ name: 'loss, beside the official SDK, polling every second', ...lost, other: everySecond.lost }),
    figure({ name: 'whole failover', ours: ours.wall, other: official.wall, unit: 'ms' }),
    figure({ name: 'requests, beside the official SDK', ...requests, other: official.requests, atMost: 1 }),
    figure({ name: 'requests, beside the official SDK, polling every second', ...requests, other: everySecond.requests, atMost: 1 }),
    figure({ name: 'loss in real time, the official SDK polling every second', ours: real[0].lost, other: real[1].lost, unit: 'ms lost' }),
    figure({ name: 'our loss in real time, beside virtual time', ours: real[0].lost, other: medians(ours.runs.slice(0, seedsInRealTime.length)).lost, unit: 'ms lost' }),
  ]
}

/** The medians over all seeds, in virtual time. */
async function inManyRuns(move) {
  const runs = []
  for (const seed of seeds) runs.push(await inVirtualTime(seed, () => run(seed, move)))
  return { ...medians(runs), runs }
}

/** The medians over some seeds in real time. The runs are concurrent, because almost all of their time is waiting. */
function inRealTime(...moves) {
  return Promise.all(moves.map(async (move) => medians(await Promise.all(seedsInRealTime.map((seed) => run(seed, move))))))
}

function medians(runs) {
  const of = (name) => median(runs.map((run) => run[name]))
  return { lost: of('lost'), wall: of('wall'), requests: of('requests') }
}

async function run(seed, move) {
  const { emulator, from, to } = await prepared(seed)
  const watched = watching(emulator)
  const began = Date.now()
  await move({ fetch: watched.fetch, account: accountOf(emulator), from, to })
  const ended = Date.now()
  const units = [...watched.units.values()]
  return { lost: lostMs({ began, ended, units }), wall: ended - began, requests: watched.requests }
}

async function withOurs({ fetch, account, from, to }) {
  await ourClient(fetch, account).failover({ fromServerId: from, toServerId: to })
}

/** The fastest failover with the official SDK: all groups concurrently, each attached as soon as it is detached. */
function withOfficial(waiting) {
  return async ({ fetch, account, from, to }) => {
    const api = officialApi(fetch, account)
    const { flexibleIps } = await api.listFlexibleIPs({ serverIds: [from] })
    const group = ({ id, macAddress }) => macAddress?.id ?? id
    const groups = [...new Set(flexibleIps.map(group))].map((name) => flexibleIps.filter((ip) => group(ip) === name))
    const waitFor = (fipsIds) => Promise.all(fipsIds.map((fipId) => api.waitForFlexibleIP({ fipId }, waiting)))
    await Promise.all(
      groups.map(async (members) => {
        const fipsIds = members.map(({ id }) => id)
        await api.detachFlexibleIP({ fipsIds })
        await waitFor(fipsIds)
        await api.attachFlexibleIP({ fipsIds, serverId: to })
        await waitFor(fipsIds)
      }),
    )
  }
}

async function prepared(seed) {
  const emulator = new FlexibleIpEmulator({ seed, timing: 'instant' })
  const from = emulator.addServer({ zone }).id
  const to = emulator.addServer({ zone }).id
  const client = ourClient(emulator.fetch, accountOf(emulator))
  const ids = []
  for (let made = 0; made < 8; made++) ids.push((await client.createFlexibleIP({ serverId: from })).id)
  const [first, ...others] = ids.slice(0, 4)
  await client.generateMACAddr({ fipId: first, macType: 'kvm' })
  for (const fipId of others) await client.duplicateMACAddr({ fipId, duplicateFromFipId: first })
  await client.waitForFlexibleIPs({ fipsIds: ids })
  emulator.setTiming('recorded')
  return { emulator, from, to }
}

/** A `fetch` that counts requests, and records when the service receives a move and when the transition will end. */
function watching(emulator) {
  const watched = { requests: 0, units: new Map(), fetch }
  async function fetch(url, init) {
    watched.requests++
    const at = Date.now()
    const response = await emulator.fetch(url, init)
    // The official SDK passes a Request, our client a URL and options.
    if ((init ?? url).method === 'POST' && response.ok) note(watched.units, jobs(emulator), at)
    return response
  }
  return watched
}

function note(units, jobs, at) {
  for (const { id, work, due } of jobs) {
    const unit = units.get(id) ?? {}
    // A later attach may change the end of an earlier one.
    units.set(id, { ...unit, [work]: { at: unit[work]?.at ?? at, due } })
  }
}

/** The transitions that are under way in the emulator. */
function jobs(emulator) {
  const { ips } = JSON.parse(emulator.snapshot()).state
  return Object.entries(ips).flatMap(([id, { job }]) => (job ? [{ id, work: job.work, due: Number(BigInt(job.due) / 1000n) / 1000 }] : []))
}
