// A log that was cut at any place, or has one bit that flipped, gives a state that was acknowledged, or is refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveEmulator } from 'flexip/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StateError } from '../../js/server/store/error.js'
import { recover } from '../../js/server/store/recovery.js'
import { api } from './support/served.js'

/** `npm test` takes every so many places, `FLEXIP_EVERY=1` all. */
const every = Number(process.env.FLEXIP_EVERY ?? 7)

const folder = mkdtempSync(join(tmpdir(), 'flexip-'))
const file = join(folder, 'state.json')
const log = `${file}.1.log`

/** The whole log, and the state after each of its lines. */
let whole: Buffer
let acknowledged: Set<string>

/** The state that the files give; `undefined` if they are refused. */
async function stateOf(content: Uint8Array): Promise<string | undefined> {
  writeFileSync(log, content)
  try {
    const { emulator } = await recover(file, {})
    return emulator.snapshot()
  } catch (error) {
    if (error instanceof StateError) return undefined
    throw error
  }
}

// Creates, reads with malformed queries, rules for faults, moves of the clock, and rules that their caller changes afterwards.
beforeAll(async () => {
  const server = await serveEmulator({ data: file, clock: 'manual' })
  const { emulator } = server
  const { call, create } = api({ url: server.url, secretKey: emulator.secretKey, projectId: emulator.projectId })
  const rule = { operation: 'createFlexibleIP', nth: 2, fault: { status: { status: 502, body: { message: 'bad gateway' }, after: true } } }
  emulator.addFault(rule as never)
  rule.nth = 1
  emulator.addFault({ operation: 'listFlexibleIPs', probability: 0.5, fault: { delay: { min: 0, max: 0 } } })
  for (const description of ['one', 'two', 'three']) {
    await create({ description })
    await call('GET', '?page=abc')
    await call('GET', '?page=2&page_size=1&page=%ff')
    emulator.advance(1500)
  }
  const { id } = emulator.addServer({ zone: 'fr-par-1', name: 'web-1' })
  const ips = (await call('GET', '?page_size=100')).body.flexible_ips as { id: string }[]
  await call('POST', '/attach', { fips_ids: [ips[0]?.id], server_id: id })
  emulator.advance(60_000)
  await call('DELETE', `/${ips[1]?.id}`)
  whole = Buffer.from(readFileSync(log))
  const first = readFileSync(file)
  await server.close(0)
  // Closing writes a new state file. What counts here are the files before.
  writeFileSync(file, first)
  acknowledged = new Set()
  const lines = whole.toString('latin1').split('\n')
  for (let count = 0; count < lines.length; count++) {
    const state = await stateOf(Buffer.from(lines.slice(0, count).map((line) => `${line}\n`).join(''), 'latin1'))
    if (state !== undefined) acknowledged.add(state)
  }
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true }))

describe('the log', () => {
  test('is long enough to say something', () => {
    expect(whole.length).toBeGreaterThan(1500)
    expect(acknowledged.size).toBeGreaterThan(10)
  })

  test('that was cut at any place gives the state of the batches before, or is refused if its first line is cut', async () => {
    const lost: number[] = []
    const head = whole.indexOf('\n')
    for (let place = 0; place <= whole.length; place += every) {
      const state = await stateOf(whole.subarray(0, place))
      if (place <= head ? state !== undefined : state === undefined || !acknowledged.has(state)) lost.push(place)
    }
    expect(lost).toEqual([])
  }, 600_000)

  test('with a bit that flipped gives a state that was acknowledged, or is refused', async () => {
    const wrong: string[] = []
    let refused = 0
    for (let place = 0; place < whole.length; place += every) {
      const flipped = Buffer.from(whole)
      flipped[place] = (flipped[place] ?? 0) ^ (1 << place % 8)
      const state = await stateOf(flipped)
      if (state === undefined) refused++
      else if (!acknowledged.has(state)) wrong.push(`${place}`)
    }
    expect(wrong).toEqual([])
    expect(refused).toBeGreaterThan(whole.length / every / 2)
  }, 600_000)
})
