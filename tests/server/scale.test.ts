// Many flexible IPs on disk and in snapshots over the port, in bounded memory: 50,000, or FLEXIP_SCALE. npm run test:long -- scale has a million.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { serveEmulator } from 'flexip/server'
import { expect, onTestFinished, test } from 'vitest'
import { api, start, temporaryFolder } from './support/served.js'

const count = Number(process.env.FLEXIP_SCALE ?? 50_000)
const zone = 'fr-par-1'
const time = 60_000 + count
/** What Node and the modules take, in bytes. */
const base = 150e6

type Served = Awaited<ReturnType<typeof start>>

/** The largest memory that the process had so far, in bytes for each flexible IP, above what it takes without any. Linux tells it. */
function peak({ child }: Served): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
  return (Number(kilobytes) * 1024 - base) / count
}

const total = async (served: Served) => (await api(served, zone).call('GET', '?page_size=1')).body.total_count

/** A snapshot of flexible IPs that were all changed, so that it has each of them. */
async function changed(): Promise<string> {
  const emulator = new FlexibleIpEmulator({ clock: 'manual', population: { [zone]: count } })
  const headers = { 'X-Auth-Token': emulator.secretKey }
  for (let page = 1; page <= Math.ceil(count / 100); page++) {
    const response = await emulator.fetch(`/flexible-ip/v1alpha1/zones/${zone}/fips?page_size=100&page=${page}`, { headers })
    for (const { id } of ((await response.json()) as { flexible_ips: { id: string }[] }).flexible_ips) emulator.forceStatus(id, 'locked')
  }
  return emulator.snapshot()
}

const withoutTime = (snapshot: string) => snapshot.replace(/"at":"\d+"/, '')

test.skipIf(process.platform !== 'linux')(
  `${count} populated flexible IPs on disk start, and start again, in less than 800 bytes each`,
  async () => {
    const data = ['--data', join(temporaryFolder(), 'state.json')]
    const first = await start(...data, '--population', `${zone}=${count}`)
    expect(await total(first)).toBe(count)
    expect(peak(first)).toBeLessThan(800)
    await first.kill('SIGTERM')
    const second = await start(...data)
    expect(await total(second)).toBe(count)
    expect(peak(second)).toBeLessThan(800)
  },
  time,
)

test.skipIf(process.platform !== 'linux')(
  `a snapshot of ${count} changed flexible IPs is accepted, returned as it was, and accepted again, in less than 5,000 bytes each`,
  async () => {
    const snapshot = await changed()
    expect(snapshot.length).toBeGreaterThan(250 * count)
    const served = await start('--clock', 'manual')
    const url = `${served.url}/_emulator/snapshot`
    const put = async (body: string) => (await fetch(url, { method: 'PUT', body })).status
    expect(await put(snapshot)).toBe(204)
    const returned = await (await fetch(url)).text()
    expect(withoutTime(returned) === withoutTime(snapshot)).toBe(true)
    expect(await put(returned)).toBe(204)
    expect(await total(served)).toBe(count)
    expect(peak(served)).toBeLessThan(5000)
  },
  time,
)

test('a snapshot over the limit is refused with a sentence that has its size and the limit, and changes nothing', async () => {
  const { url, emulator, close } = await serveEmulator({ limits: { controlBodyBytes: 1000 } })
  onTestFinished(() => close(0))
  const before = withoutTime(emulator.snapshot())
  const put = async (body: BodyInit, options: object = {}) => {
    const response = await fetch(`${url}/_emulator/snapshot`, { method: 'PUT', body, ...options })
    return [response.status, ((await response.json()) as { message: string }).message]
  }
  expect(await put('x'.repeat(1001))).toEqual([413, 'the body of the request has 1001 bytes; allowed are at most 1000'])
  // In chunks, the size is not stated.
  expect(await put(new Blob(['x'.repeat(1001)]).stream(), { duplex: 'half' })).toEqual([413, 'the body of the request has over 1000 bytes; allowed are at most 1000'])
  expect(withoutTime(emulator.snapshot())).toBe(before)
})
