// npm run test:long [-- step…]: suites of npm run test:full with ten times as many runs, for a whole night.
import { printPkgDigest } from './digest.mjs'
import { main } from './run.mjs'
import { runSteps } from './steps.mjs'
import { chaos, hangHunt, hostile, hostileWorld } from './suites.mjs'

const steps = [
  ['hang-hunt', () => hangHunt(1_000_000)],
  ['chaos', () => chaos(100_000)],
  ['hostile-world', () => hostileWorld(10_000_000)],
  ['hostile', () => hostile(1_000_000)],
]

await main(async () => {
  await runSteps(steps, process.argv.slice(2))
  printPkgDigest()
})
