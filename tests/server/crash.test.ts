// kill -9 at random moments: FLEXIP_KILLS times, 300 in npm run test:full.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CrashRun } from './support/crash.js'
import { temporaryFolder } from './support/served.js'

const kills = Number(process.env.FLEXIP_KILLS ?? 10)

/** Creates a random number generator, so that a seed repeats a run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

test(
  `after ${kills} kills every acknowledged operation is on disk, and every other is there wholly or not at all`,
  async () => {
    const run = new CrashRun(join(temporaryFolder(), 'state.json'), createRandom(Number(process.env.FLEXIP_SEED ?? 1)))
    for (let kill = 0; kill < kills; kill++) await run.killOnce()
    await run.finish()
    const { acknowledged, unanswered, carriedOut, killedAtStart, disturbances } = run.tally
    console.log(`${kills} kills, ${killedAtStart} of them at the start; ${acknowledged} operations acknowledged, ${unanswered} not, of which ${carriedOut} were carried out; beside them ${Object.entries(disturbances).map(([kind, count]) => `${kind} ${count}`).join(', ')}`)
    for (const [kind, count] of Object.entries(disturbances)) expect(count, kind).toBeGreaterThanOrEqual(Math.floor(kills / 100))
    expect(Object.values(disturbances).reduce((sum, count) => sum + count)).toBeGreaterThan(kills)
    expect(acknowledged).toBeGreaterThan(kills)
    expect(unanswered).toBeGreaterThan(0)
  },
  kills * 20_000,
)
