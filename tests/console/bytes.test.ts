// What a first visit loads until the table is there, and whether it moves then. docs/figures/console.json has the figures.
import { expect, test } from 'vitest'
import { loadedBytes } from './bytes.js'
import { keep } from './report.js'
import { startStage } from './support.js'

/** The aim, in bytes: until the table's first picture, with its skeleton. */
const aim = 250 * 1024

test('the skeleton of the table needs at most 250 KB by brotli, and the emulator is not in them', { timeout: 180_000 }, async () => {
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

test('on a first visit, what is shown hardly moves when fonts and notices arrive', async () => {
  const stage = await startStage()
  try {
    const context = await stage.browser.newContext({ viewport: { width: 1350, height: 940 } })
    await context.addInitScript('globalThis.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (moved += value))).observe({ type: "layout-shift", buffered: true })')
    const page = await context.newPage()
    await page.goto(stage.url)
    await page.getByText('web-1 is failing').waitFor()
    await page.evaluate('document.fonts.ready.then(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))')
    // What Lighthouse calls good.
    expect(await page.evaluate('moved')).toBeLessThan(0.1)
  } finally {
    await stage.close()
  }
})
