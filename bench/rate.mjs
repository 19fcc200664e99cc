// 100 callers, each with a call a second, at a gateway that takes 50: how many of those are used, and
// what it costs. In virtual time.
import { officialApi, ourClient } from './contenders.mjs'
import { bounded, figure } from './figure.mjs'
import { gated } from './gate.mjs'
import { account, answering, record } from './stub.mjs'
import { inVirtualTime } from './virtual-time.mjs'

const callers = 100
const perSecond = 50
const seconds = 60
const latencyMs = 40

export async function rate() {
  const ours = await inVirtualTime(1, () => measured((fetch) => ourClient(fetch, account)))
  const patient = await inVirtualTime(1, () => measured((fetch) => ourClient(fetch, account, { retry: { budget: 100_000, maxAttempts: 10 } })))
  const naive = await inVirtualTime(1, () => measured((fetch) => officialApi(fetch, account)))
  return [
    bounded({ name: 'achieved, of the allowed', ours: ours.achieved, other: naive.achieved, unit: 'share', atLeast: 0.9 }),
    figure({ name: 'requests for a success', ours: ours.requests, other: naive.requests, unit: 'requests' }),
    figure({ name: 'failed calls for a success', ours: ours.failed, other: naive.failed, unit: 'calls' }),
    figure({ name: 'achieved with a large budget', ours: patient.achieved, other: naive.achieved, unit: 'share' }),
    figure({ name: 'requests for a success with a large budget', ours: patient.requests, other: naive.requests, unit: 'requests' }),
    figure({ name: 'failed calls for a success with a large budget', ours: patient.failed, other: naive.failed, unit: 'calls' }),
  ]
}

/** Every caller calls once a second, and goes on as soon as its call has ended if that took longer. */
async function measured(clientOf) {
  const one = record(2)
  // An empty bucket to begin with: what was saved up is not to be counted.
  const { fetch, counted } = gated(answering(one), { latencyMs, perSecond, burst: 1 })
  const client = clientOf(fetch)
  const end = performance.now() + seconds * 1000
  let succeeded = 0
  let failed = 0
  const caller = async (number) => {
    await sleep((number * 1000) / callers)
    while (performance.now() < end) {
      const next = performance.now() + 1000
      const done = await client.getFlexibleIP({ fipId: one.id }).then(() => true, () => false)
      if (performance.now() > end) return
      if (done) succeeded++
      else failed++
      await sleep(next - performance.now())
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)))
  return { achieved: succeeded / (perSecond * seconds), requests: counted.sent / succeeded, failed: failed / succeeded }
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
