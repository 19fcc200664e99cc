// 100 callers with one call per second each, at a gateway that accepts 50 requests per second: the share of the
// accepted requests that the client uses, and the requests and failed calls that it costs. In virtual time.
import { officialApi, ourClient } from './contenders.mjs'
import { bounded, figure } from './figure.mjs'
import { gated } from './gate.mjs'
import { account, responding, record } from './stub.mjs'
import { inVirtualTime } from './virtual-time.mjs'

const callers = 100
const perSecond = 50
const seconds = 60
const latencyMs = 40

export async function rate() {
  const ours = await inVirtualTime(1, () => measure((fetch) => ourClient(fetch, account)))
  const patient = await inVirtualTime(1, () => measure((fetch) => ourClient(fetch, account, { retry: { budget: 100_000, maxAttempts: 10 } })))
  const naive = await inVirtualTime(1, () => measure((fetch) => officialApi(fetch, account)))
  return [
    bounded({ name: 'achieved, of the allowed', ours: ours.achieved, other: naive.achieved, unit: 'share', atLeast: 0.9 }),
    figure({ name: 'requests for a success', ours: ours.requests, other: naive.requests, unit: 'requests' }),
    figure({ name: 'failed calls for a success', ours: ours.failed, other: naive.failed, unit: 'calls' }),
    figure({ name: 'achieved with a large budget', ours: patient.achieved, other: naive.achieved, unit: 'share' }),
    figure({ name: 'requests for a success with a large budget', ours: patient.requests, other: naive.requests, unit: 'requests' }),
    figure({ name: 'failed calls for a success with a large budget', ours: patient.failed, other: naive.failed, unit: 'calls' }),
  ]
}

/** Each caller begins a call every second, or when its last call ends if that is later. */
async function measure(clientOf) {
  const one = record(2)
  // The bucket holds at most one token, so that no burst at the start is counted.
  const { fetch, counted } = gated(responding(one), { latencyMs, perSecond, burst: 1 })
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
