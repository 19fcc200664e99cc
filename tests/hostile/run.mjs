// Runs the hostile world against the built package: `node tests/hostile/run.mjs [requests] [seed]`.
// Seeds that failed once are run first. SHRINK=n: how many failures are made small and printed;
// KINDS=late,torn: only these kinds of nastiness, in every world; SAVE=0: seeds.json stays as it is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Clock } from './clock.mjs'

const realNow = performance.now.bind(performance)
const clock = new Clock()
clock.install()
const { describeRun, run } = await import('./property.mjs')
const { shrink, story } = await import('./shrink.mjs')
const package_ = await import(process.env.FLEXIP_PACKAGE ?? '../../pkg/index.js')

const wanted = Number(process.argv[2] ?? 100_000)
const first = Number(process.argv[3] ?? 1)
const only = process.argv[3] !== undefined && process.argv[2] === '1'
const stories = Number(process.env.SHRINK ?? 3)
const seedFile = new URL('./seeds.json', import.meta.url)
const saved = existsSync(seedFile) ? JSON.parse(readFileSync(seedFile, 'utf8')) : []

const counts = { requests: 0, calls: 0, resolved: 0, rejected: {}, met: {}, runs: 0 }
const found = new Map()
const add = (into, from) => { for (const [key, count] of Object.entries(from)) into[key] = (into[key] ?? 0) + count }

async function warmUp() {
  const client = new package_.FlexibleIpClient({ secretKey: 'warm-up', defaultZone: 'fr-par-1', fetch: async () => ({ status: 200, headers: { get: () => null }, text: async () => '{"total_count":0,"flexible_ips":[]}' }) })
  let done = false
  client.listFlexibleIPs().then(() => { done = true }, (error) => { throw error })
  const began = realNow()
  while (!done && realNow() - began < 30_000) await clock.quiet()
}

const unhandled = []
process.on('unhandledRejection', (error) => unhandled.push(error))

async function take(what) {
  const { world, calls, rejected, violations } = await run(clock, what, package_)
  if (unhandled.length) violations.push({ invariant: 'f.unhandled rejection', method: String(unhandled.splice(0)[0]) })
  counts.runs++
  counts.requests += world.service.requests.length
  counts.calls += calls.length
  counts.resolved += calls.filter(({ outcome }) => outcome === 'resolved').length
  add(counts.rejected, rejected)
  add(counts.met, world.service.met)
  for (const kind of what.kinds) counts.met[`${kind} (worlds)`] = (counts.met[`${kind} (worlds)`] ?? 0) + 1
  for (const { invariant, method } of violations) {
    const entry = found.get(invariant) ?? { count: 0, methods: {}, plain: 0, what, alone: {} }
    entry.count++
    entry.methods[method] = (entry.methods[method] ?? 0) + 1
    if (!what.kinds.length) entry.plain++
    // The smallest run shows most.
    if (what.kinds.length < entry.what.kinds.length || (what.kinds.length === entry.what.kinds.length && what.calls.length < entry.what.calls.length)) entry.what = what
    if (what.kinds.length === 1) entry.alone[what.kinds[0]] = (entry.alone[what.kinds[0]] ?? 0) + 1
    found.set(invariant, entry)
  }
}

await warmUp()
const began = realNow(), usage = process.cpuUsage()
for (const { invariant: _, ...what } of only || process.env.KINDS !== undefined ? [] : saved) await take(what)
const beforeSeeds = found.size
for (let seed = first; only ? seed === first : counts.requests < wanted; seed++) await take({ ...describeRun(seed), ...(process.env.KINDS !== undefined && { kinds: process.env.KINDS.split(',').filter(Boolean) }) })
const seconds = (realNow() - began) / 1000, { user, system } = process.cpuUsage(usage)
const busySeconds = (user + system) / 1e6

console.log('rejected:', counts.rejected)
console.log('nastiness met:', counts.met)
let printed = 0
for (const [invariant, { count, methods, plain, what, alone }] of [...found].sort()) {
  console.log(`VIOLATED ${invariant}: ${count} times (${plain} in plain worlds) by ${JSON.stringify(methods)}, under one kind alone ${JSON.stringify(alone)}; seed ${what.seed}`)
  if (printed++ >= stories) continue
  const small = await shrink(clock, what, package_, invariant)
  console.log(await story(clock, small, package_, invariant))
  const entry = { invariant, ...small }
  if (process.env.SAVE !== '0' && !saved.some((each) => each.invariant === invariant && each.seed === small.seed)) saved.push(entry)
}
if (printed && process.env.SAVE !== '0') writeFileSync(seedFile, `[\n${saved.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n]\n`)
console.log(`${counts.requests} requests, ${counts.calls} calls (${counts.resolved} resolved), ${counts.runs} worlds (${saved.length} saved, ${beforeSeeds} invariants broken by them), ${seconds.toFixed(1)} s, ${Math.round(counts.requests / seconds)} requests a second (${Math.round(counts.requests / busySeconds)} a second of processor time): ${found.size ? `${found.size} invariants broken` : 'nothing broken'}`)
process.exitCode = found.size ? 1 : 0
