// The calls of the hunt: `node --expose-gc hunt.mjs CLIENT COUNT SEED`. Prints its figures as JSON, or exits with an
// error that names the call that hung. The clock is virtual: it moves when no promise is left to settle.
import { Clock } from './clock.mjs'
import { createHostile } from './hostile.mjs'

const [clientUrl, count, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const BATCH = 64

const memories = []
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, args) {
    const instance = new Instance(...args)
    memories.push(...Object.values(instance.exports).filter((value) => value instanceof WebAssembly.Memory))
    return instance
  },
})
const clock = new Clock()
clock.install()
const { FlexibleIpClient, isFlexipError } = await import(clientUrl)
const { pickClient, makeCall } = createHostile(seed, FlexibleIpClient, clock)

const unhandled = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))

const outcomes = new Map()
const countOutcome = (outcome) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)

function nameOf(thrown, reasons) {
  if (isFlexipError(thrown)) return thrown.name
  if (reasons.includes(thrown)) return 'the signal’s reason'
  // A signal that was aborted with `undefined` has this reason.
  if (thrown?.name === 'AbortError') return 'the signal’s reason'
  throw new Error('something else was thrown', { cause: thrown })
}

/** Starts calls, and moves the clock until all have settled. */
async function runBatch(size) {
  const client = pickClient()
  const open = new Set()
  for (let number = 0; number < size; number++) {
    const call = makeCall(client)
    const began = clock.now
    open.add(call)
    const end = (outcome) => {
      open.delete(call)
      countOutcome(outcome)
      if (clock.now - began > call.within + 2) throw new Error(`${call.name} took ${clock.now - began} ms of ${call.within}`)
    }
    const settled = call.start().then(
      () => end('a result'),
      (thrown) => end(nameOf(thrown, call.reasons)),
    )
    settled.catch((error) => {
      console.error(call.name, call.within, error)
      process.exit(1)
    })
  }
  while (open.size > 0) {
    await clock.settlePromises()
    if (open.size > 0 && !clock.next()) {
      console.error('hangs:', [...open].map(({ name }) => name))
      process.exit(1)
    }
  }
  clock.clear()
}

function measureMemory() {
  // Node drops the compiled code of patterns that were not used only after several collections.
  for (let count = 0; count < 12; count++) globalThis.gc()
  return { heap: process.memoryUsage().heapUsed, wasm: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }
}

const began = process.hrtime.bigint()
let early
for (let done = 0; done < count; done += BATCH) {
  await runBatch(Math.min(BATCH, count - done))
  if (!early && done >= count / 10) early = measureMemory()
}
await clock.settlePromises()
const late = measureMemory()
if (unhandled.length > 0) {
  console.error('unhandled rejections:', unhandled.length, unhandled[0])
  process.exit(1)
}
const seconds = Number(process.hrtime.bigint() - began) / 1e9
const grown = { heap: late.heap - early.heap, wasm: late.wasm - early.wasm }
console.log(JSON.stringify({ calls: count, seed, seconds, grown, late, outcomes: Object.fromEntries(outcomes) }))
process.exit(0)
