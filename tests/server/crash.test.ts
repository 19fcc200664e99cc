// kill -9 at random moments. FLEXIP_KILLS says how often; npm run test:full has 200.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Crashes } from './support/crash.js'
import { folder } from './support/served.js'

const kills = Number(process.env.FLEXIP_KILLS ?? 10)

/** A small generator, so that a run can be had again by its seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

test(
  `after ${kills} kills nothing that was acknowledged is missing, and nothing that was not is half there`,
  async () => {
    const crashes = new Crashes(join(folder(), 'state.json'), randomOf(Number(process.env.FLEXIP_SEED ?? 1)))
    for (let kill = 0; kill < kills; kill++) await crashes.once()
    await crashes.finish()
    const { acknowledged, unanswered, cameAbout, killedAtStart } = crashes.tally
    console.log(`${kills} kills, ${killedAtStart} of them at the start; ${acknowledged} operations acknowledged, ${unanswered} not, of which ${cameAbout} had come about`)
    expect(acknowledged).toBeGreaterThan(kills)
    expect(unanswered).toBeGreaterThan(0)
  },
  kills * 20_000,
)
