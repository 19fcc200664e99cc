// What a client without a key can make the emulator hold, in bytes.
import { describe, expect, test } from 'vitest'
import { emulatorWithMemory } from '../soak/soak.mjs'

const url = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'
const mebibyte = 2 ** 20

const { FlexibleIpEmulator, memoryBytes } = await emulatorWithMemory()

/** How many bytes of memory some requests to a new emulator took, and the journal after them. */
async function after(count: number, request: (number: number) => RequestInit, target = url) {
  const emulator = new FlexibleIpEmulator({ seed: 1 })
  await emulator.fetch(target, request(0))
  const before = memoryBytes()
  for (let number = 1; number <= count; number++) expect((await emulator.fetch(target, request(number))).status).toBe(401)
  return { grown: memoryBytes() - before, journal: emulator.journal }
}

describe('the journal', () => {
  test('of 1,000 bodies of 1 MiB keeps their lengths', async () => {
    const body = 'x'.repeat(mebibyte)
    const { grown, journal } = await after(1000, () => ({ method: 'POST', body }))
    expect(grown).toBeLessThan(32 * mebibyte)
    expect(journal).toHaveLength(1000)
    expect(journal[0]?.body).toBe('[1048576 bytes: a body over 65536 bytes is not kept]')
  })

  test('of 1,000 bodies of 60 KiB keeps the newest, in 16 MiB', async () => {
    const { grown, journal } = await after(1000, (number) => ({ method: 'POST', body: `${number} ${'x'.repeat(60 * 1024)}` }))
    expect(grown).toBeLessThan(48 * mebibyte)
    expect(journal.length).toBeGreaterThan(200)
    expect(journal.length).toBeLessThan(280)
    expect(journal.at(-1)?.body).toMatch(/^1000 x/)
  })

  test('of headers whose replacements make each other is not larger than the headers', async () => {
    const flood = Array.from({ length: 200 }, (_, number): [string, string] => ['Cookie', number % 2 ? 'oved' : '[rem'])
    const headers = [...flood, ['X-Note', '[rem oved '.repeat(100)] as [string, string]]
    const { grown, journal } = await after(10, () => ({ method: 'POST', headers, body: '[rem oved '.repeat(100) }))
    expect(grown).toBeLessThan(4 * mebibyte)
    expect(JSON.stringify(journal).length).toBeLessThan(11 * 20_000)
  })
})

test.each([
  ['in the path', (key: string) => [`${url}/${key}`, ''] as const],
  ['percent-encoded in the query', (key: string) => [`${url}?x=${[...key].map((digit) => `%${digit.charCodeAt(0).toString(16)}`).join('')}`, ''] as const],
  ['escaped in the body', (key: string) => [url, `{"x":"\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}"}`] as const],
])('the journal does not have the key that is %s', async (_, place) => {
  const secretKey = 'key-of-mine'
  const emulator = new FlexibleIpEmulator({ secretKey })
  const [target, body] = place(secretKey)
  await emulator.fetch(target, { method: 'POST', body })
  expect(JSON.stringify(emulator.journal)).toContain('[removed]')
  expect(JSON.stringify(emulator.journal)).not.toMatch(/ey-of-mine|%6b/)
})

test('fault rules are refused by name when they are too large together', () => {
  const emulator = new FlexibleIpEmulator()
  const fault = { status: { status: 500, body: 'x'.repeat(600_000) } }
  emulator.addFault({ fault })
  expect(() => emulator.addFault({ fault })).toThrow(/all fault rules together have \d+ bytes as JSON; allowed are 1048576/)
  emulator.clearFaults()
  emulator.addFault({ fault })
})
