// One MAC group of four and four single flexible IPs move from one server to another.
//
// Measured is what the client loses on top of the service's own time (see critical-path.mjs), and how
// many requests it sends. In virtual time, over many seeds; some of them in real time too, to compare.
import { FlexibleIpEmulator } from 'flexip/emulator'
import { accountOf, officialApi, ourClient } from './contenders.mjs'
import { lostMs } from './critical-path.mjs'
import { bounded, figure, median } from './figure.mjs'
import { inVirtualTime } from './virtual-time.mjs'

const zone = 'fr-par-1'
const seeds = Array.from({ length: 60 }, (_, number) => number + 1)
const seedsInRealTime = seeds.slice(0, 20)

export async function failover() {
  const ours = await inManyRuns(byUs)
  const official = await inManyRuns(byOfficial())
  const everySecond = await inManyRuns(byOfficial({ minDelay: 1, maxDelay: 1 }))
  const real = await inRealTime(byUs, byOfficial({ minDelay: 1, maxDelay: 1 }))
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

/** One after another, over all seeds. */
async function inManyRuns(move) {
  const runs = []
  for (const seed of seeds) runs.push(await inVirtualTime(seed, () => run(seed, move)))
  return { ...medians(runs), runs }
}

/** All at once: almost all of the time is spent waiting. */
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

async function byUs({ fetch, account, from, to }) {
  await ourClient(fetch, account).failover({ fromServerId: from, toServerId: to })
}

/** As well as the official SDK can do it: the groups in parallel, each as soon as it can. */
function byOfficial(waiting) {
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

/** A `fetch` that counts, and notes when the service takes a move and when it will be done with it. */
function watching(emulator) {
  const watched = { requests: 0, units: new Map(), fetch }
  async function fetch(url, init) {
    watched.requests++
    const at = Date.now()
    const answer = await emulator.fetch(url, init)
    // The official SDK hands over a Request, we a URL and its options.
    if ((init ?? url).method === 'POST' && answer.ok) note(watched.units, jobs(emulator), at)
    return answer
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

/** What the service is at work on. */
function jobs(emulator) {
  const { ips } = JSON.parse(emulator.snapshot()).state
  return Object.entries(ips).flatMap(([id, { job }]) => (job ? [{ id, work: job.work, due: Number(BigInt(job.due) / 1000n) / 1000 }] : []))
}
