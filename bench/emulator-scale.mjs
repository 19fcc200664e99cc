// The emulator in process: requests per second, and the memory and time for a million flexible IPs, also of the command with them on disk.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { microsecondsPerCall } from './rounds.mjs'
import { emulatorWithMemory } from '../tests/soak/soak.mjs'

const cli = fileURLToPath(new URL('../pkg/cli.js', import.meta.url))
const zone = 'fr-par-1'
const fips = `/flexible-ip/v1alpha1/zones/${zone}/fips`
const million = 1_000_000
const load = { warmUpCalls: 500, rounds: 150, callsPerRound: 10 }

/** Returns figures of the same form as figure.mjs; `null` where there is nothing to compare with. */
export async function emulatorScale() {
  const { FlexibleIpEmulator, memoryBytes } = await emulatorWithMemory()
  const populated = (count) => new FlexibleIpEmulator({ clock: 'manual', journalLimit: 100, population: { [zone]: count } })

  const [bytesBefore, start] = [memoryBytes(), performance.now()]
  const large = populated(million)
  const seconds = (performance.now() - start) / 1000
  const bytes = (memoryBytes() - bytesBefore) / million
  const small = populated(1000)

  return [
    atMost({ name: 'memory of one of 1,000,000 IPs', ours: bytes, other: null, unit: 'bytes', aim: 1024 }),
    atMost({ name: 'populating with 1,000,000 IPs', ours: seconds, other: null, unit: 's', aim: null }),
    ...(await pages(large, small)),
    ...(await throughput(small)),
    ...(await plainResponses()),
    ...(await onDisk()),
  ]
}

/** The time of a page of 20 of a million flexible IPs, compared with one of a thousand; both pages are full. */
async function pages(large, small) {
  const queries = [
    ['tag', 'tags=prod'],
    ['rare tag', 'tags=rack-7&tags=rack-8&tags=rack-9'],
    ['tag, last page', 'tags=prod&order_by=created_at_desc'],
    ['tag and status', 'tags=prod&status=ready'],
    ['two tags and two statuses', 'tags=prod&tags=test&status=ready&status=attached'],
  ]
  const rows = []
  for (const [what, query] of queries) {
    const get = (emulator) => () => ask(emulator, `${fips}?page_size=20&${query}`)
    const { ours, other } = await microsecondsPerCall({ ours: get(large), other: get(small) }, { warmUpCalls: 600, rounds: 400, callsPerRound: 1 })
    rows.push(atMost({ name: `page by ${what}, of 1,000,000 and of 1,000`, ours, other, unit: 'µs', aim: 2 }))
  }
  return rows
}

/** Compared with a handler that has the response as an object and only serialises it. */
async function throughput(emulator) {
  const list = await (await ask(emulator, `${fips}?page_size=20`)).json()
  const [ip] = list.flexible_ips
  const rows = []
  for (const [name, path, body] of [
    ['get', `${fips}/${ip.id}`, ip],
    ['page of 20', `${fips}?page_size=20`, list],
  ]) {
    const contenders = {
      ours: async () => (await ask(emulator, path)).text(),
      other: async () => new Response(JSON.stringify(body), { status: 200, headers: { 'Content-Type': 'application/json' } }).text(),
    }
    rows.push(perSecond(`${name}, beside serialising alone`, await microsecondsPerCall(contenders, load)))
  }
  return rows
}

/** The same for the plain data that the port sends. The package does not export it, so it is loaded from build/. */
async function plainResponses() {
  const build = new URL('../build/emulator/', import.meta.url)
  if (!existsSync(build)) return []
  const { createGlue } = await import(new URL('flexip.js', build).href)
  const { EmulatorCore, initSync } = createGlue()
  initSync({ module: readFileSync(new URL('flexip_bg.wasm', build)) })
  const core = new EmulatorCore(JSON.stringify({ journalLimit: 100, population: { [zone]: 1000 } }))
  const [head, nothing, encoder] = [`X-Auth-Token\n${core.secretKey}`, new Uint8Array(), new TextEncoder()]
  const respond = (path) => core.answer('GET', path, head, nothing, 1.8e12)
  const list = JSON.parse(new TextDecoder().decode(bodyOf(respond(`${fips}?page_size=20`))))
  const [ip] = list.flexible_ips
  const rows = []
  for (const [name, path, body] of [
    ['get', `${fips}/${ip.id}`, ip],
    ['page of 20', `${fips}?page_size=20`, list],
  ]) {
    const contenders = { ours: async () => respond(path), other: async () => encoder.encode(JSON.stringify(body)) }
    rows.push(perSecond(`${name} as plain data, beside serialising alone`, await microsecondsPerCall(contenders, load)))
  }
  return rows
}

/** The command with a million flexible IPs on disk: the first start, the next one, and their memory. Linux tells the memory. */
async function onDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'flexip-bench-'))
  const rows = []
  try {
    const data = ['--data', join(folder, 'state.json')]
    for (const [name, ...args] of [['starting with 1,000,000 IPs on disk', '--population', String(million)], ['starting with them again']]) {
      const start = performance.now()
      const child = spawn(process.execPath, [cli, 'emulator', '--port', '0', '--json', ...data, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(child, 'close')
      await once(child.stdout, 'data')
      rows.push(atMost({ name, ours: (performance.now() - start) / 1000, other: null, unit: 's', aim: 10 }))
      if (process.platform === 'linux') {
        const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
        rows.push(atMost({ name: `${name}, memory`, ours: (Number(kilobytes) * 1024) / 1e6, other: null, unit: 'MB', aim: 1000 }))
      }
      child.kill('SIGTERM')
      await ended
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return rows
}

/** The body of a response in one piece: three numbers are before it (status, lengths of head and delivery), and these two. */
function bodyOf(response) {
  const numbers = new DataView(response.buffer, response.byteOffset)
  return response.subarray(12 + numbers.getUint32(4, true) + numbers.getUint32(8, true))
}

function perSecond(name, { ours, other }) {
  return { name, ours: 1e6 / ours, other: 1e6 / other, unit: 'requests/s', ratio: other / ours }
}

function ask(emulator, path) {
  return emulator.fetch(`http://emulator.invalid${path}`, { headers: { 'X-Auth-Token': emulator.secretKey } })
}

/** A figure whose aim is for the ratio, or for our number where there is nothing to compare with. */
function atMost({ aim, ours, other, ...row }) {
  const ratio = other === null ? null : ours / other
  const result = aim === null ? {} : { aim: `${ratio === null ? 'ours' : 'ratio'} ≤ ${aim}`, met: (ratio ?? ours) <= aim }
  return { ...row, ours, other, ratio, ...result }
}

// Runs in a separate process: the memory grows only in a process that has not used the emulator before.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(JSON.stringify(await emulatorScale()))
