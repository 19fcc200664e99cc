// The emulator in process: requests a second, and what a million flexible IPs cost.
import { microsecondsPerCall } from './rounds.mjs'
import { emulatorWithMemory } from '../tests/soak/soak.mjs'

const zone = 'fr-par-1'
const fips = `/flexible-ip/v1alpha1/zones/${zone}/fips`
const million = 1_000_000

/** Plain figures: `ours` and `other` in `unit`, `ratio` of the two, and whether it keeps to `aim`. */
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
  ]
}

/** A page of 20 out of a million beside one out of a thousand; both pages are full. */
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
    const { ours, other } = await microsecondsPerCall({ ours: get(large), other: get(small) }, { warmUpCalls: 200, rounds: 150, callsPerRound: 4 })
    rows.push(atMost({ name: `page by ${what}, of 1,000,000 and of 1,000`, ours, other, unit: 'µs', aim: 2 }))
  }
  return rows
}

/** Beside a handler that knows the answer as an object, and only makes a text of it. */
async function throughput(emulator) {
  const list = await (await ask(emulator, `${fips}?page_size=20`)).json()
  const [ip] = list.flexible_ips
  const rows = []
  for (const [name, path, answer] of [
    ['get', `${fips}/${ip.id}`, ip],
    ['page of 20', `${fips}?page_size=20`, list],
  ]) {
    const contenders = {
      ours: async () => (await ask(emulator, path)).text(),
      other: async () => new Response(JSON.stringify(answer), { status: 200, headers: { 'Content-Type': 'application/json' } }).text(),
    }
    const { ours, other } = await microsecondsPerCall(contenders, { warmUpCalls: 500, rounds: 150, callsPerRound: 10 })
    const perSecond = { ours: 1e6 / ours, other: 1e6 / other }
    rows.push({ name: `${name}, beside only making the text`, ...perSecond, unit: 'requests/s', ratio: other / ours, aim: null, met: null })
  }
  return rows
}

function ask(emulator, path) {
  return emulator.fetch(`http://emulator.invalid${path}`, { headers: { 'X-Auth-Token': emulator.secretKey } })
}

/** The aim is for the ratio, or for our figure where nothing stands beside it. */
function atMost({ aim, ours, other, ...row }) {
  const ratio = other === null ? null : ours / other
  return { ...row, ours, other, ratio, aim, met: aim === null ? null : (ratio ?? ours) <= aim }
}
