// What a first visit loads until the table is there. docs/figures/console.json has the figures.
import { expect, test } from 'vitest'
import { loadedBytes } from './bytes.js'
import { keep } from './report.js'
import { startStage } from './support.js'

/** The aim, in bytes: until the table's first picture, with its skeleton. */
const aim = 250 * 1024

test('the skeleton of the table needs at most 250 KB by brotli, and the emulator is not in them', async () => {
  const stage = await startStage()
  try {
    const { files, ...sums } = await loadedBytes(stage)
    keep('bytes', { ...sums, aim, unit: 'bytes, brotli' })
    expect(Object.keys(files).length).toBeGreaterThan(8)
    expect(sums.skeleton).toBeGreaterThan(50_000)
    expect(sums.skeleton).toBeLessThanOrEqual(aim)
    expect(sums.emulator).toBeGreaterThan(100_000)
  } finally {
    await stage.close()
  }
})
