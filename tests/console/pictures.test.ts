// The pictures of docs/console/ are small, and the recording is an animated PNG that shows each change.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Decoded {
  frames: { delay: number }[]
}

const { default: UPNG } = (await import('upng-js' as string)) as { default: { encode(frames: ArrayBuffer[], width: number, height: number, colours: number): ArrayBuffer; decode(png: Buffer): Decoded } }
const { animation } = (await import('../../scripts/console-pictures.mjs' as string)) as { animation(shots: Buffer[]): Buffer }

const folder = join(import.meta.dirname, '../../docs/console')

test('no picture is larger than 150 KB, and no recording than 2 MB', () => {
  const names = readdirSync(folder)
  expect(names.length).toBeGreaterThan(3)
  expect(names.filter((name) => statSync(join(folder, name)).size > (name === 'failover.png' ? 2_000_000 : 150_000))).toEqual([])
  for (const name of names) expect(readFileSync(join(folder, name)).subarray(1, 4).toString()).toBe('PNG')
})

test('equal screenshots become one frame of a recording, and its first and last frame stay longer', () => {
  const shot = (grey: number): Buffer => Buffer.from(UPNG.encode([new Uint8Array(4 * 16).fill(grey).buffer], 4, 4, 0))
  const { frames } = UPNG.decode(animation([shot(0), shot(90), shot(90), shot(200), shot(255)]))
  expect(frames.map(({ delay }) => delay)).toEqual([1500, 250, 250, 1500])
})
