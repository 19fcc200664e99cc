// Requests by a manual clock, to see whether memory stays flat. A short test uses it; for longer it runs alone:
//   node tests/soak/soak.mjs [HOURS of the emulator's time, 1]
import { pathToFileURL } from 'node:url'

const perSecond = 10

/** The growth that is allowed: two pages of WebAssembly memory. In the short test, a leak of 40 bytes a request exceeds it. */
export const slackBytes = 2 * 65_536

/**
 * Sends ten requests a second to an emulator, for `seconds` of its time. Resolves with the number of requests, the
 * number of each status, and the memory (bytes of WebAssembly, entries of the journal) after a tenth of the requests
 * and at the end.
 */
export async function soak({ seconds, FlexibleIpEmulator, memoryBytes }) {
  const emulator = new FlexibleIpEmulator({ seed: 5, clock: 'manual', timing: 'recorded', journalLimit: 200 })
  const servers = Array.from({ length: 10 }, (_, number) => emulator.addServer({ zone: 'fr-par-1', name: `web-${number}` }).id)
  const headers = { 'X-Auth-Token': emulator.secretKey, 'Content-Type': 'application/json' }
  const statuses = {}
  const ips = []
  let state = 5

  const requests = seconds * perSecond
  const marks = []
  for (let number = 1; number <= requests; number++) {
    const { status, body } = await send(...nextRequest())
    statuses[status] = (statuses[status] ?? 0) + 1
    if (status >= 500) throw new Error(`request ${number} was refused with ${status}: ${JSON.stringify(body)}`)
    emulator.advance(1000 / perSecond)
    if (number === Math.ceil(requests / 10) || number === requests) marks.push({ bytes: memoryBytes(), journal: emulator.journal.length })
  }
  const [early, late] = marks
  return { requests, statuses, early, late }

  /** Returns the arguments of the next request. Up to 300 flexible IPs exist at a time, with tags that are never reused. */
  function nextRequest() {
    const ip = () => pick(ips)
    if (ips.length < 200) return create()
    switch (draw(10)) {
      case 0:
        return ips.length < 300 ? create() : remove()
      case 1:
        return remove()
      case 2:
      case 3:
        return ['POST', '/attach', { fips_ids: [ip()], server_id: pick(servers) }]
      case 4:
        return ['POST', '/detach', { fips_ids: [ip()] }]
      case 5:
        return ['POST', `/${ip()}/mac`, { mac_type: pick(['kvm', 'xen', 'vmware']) }]
      case 6:
        return ['POST', `/${ip()}/mac/${pick(['move', 'duplicate'])}`, { dst_fip_id: ip(), duplicate_from_fip_id: ip() }]
      case 7:
        return ['DELETE', `/${ip()}/mac`]
      case 8:
        return ['PATCH', `/${ip()}`, { description: `relay ${state}`, tags: [`tag-${state}`, 'prod'], reverse: pick(['a', 'b', 'c']).padEnd(40, 'x') + '.example.org' }]
      default:
        return ['GET', pick(['?tags=prod', '?status=attached&order_by=created_at_desc', `?server_ids=${pick(servers)}`, '?page=2&page_size=5'])]
    }
  }

  function create() {
    return ['POST', '', { project_id: emulator.projectId, tags: [`tag-${state}`, 'prod'], ...(draw(3) === 0 && { server_id: pick(servers) }) }]
  }

  function remove() {
    return ['DELETE', `/${pick(ips)}`]
  }

  async function send(method, path, body) {
    const url = `http://emulator.invalid/flexible-ip/v1alpha1/zones/fr-par-1/fips${path}`
    const response = await emulator.fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const { status } = response
    const received = status === 204 ? undefined : await response.json()
    if (method === 'POST' && path === '' && status === 200) ips.push(received.id)
    if (method === 'DELETE' && !path.endsWith('/mac') && [204, 403, 404].includes(status)) ips.splice(ips.indexOf(path.slice(1)), 1)
    return { status, body: received }
  }

  function draw(bound) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }

  function pick(list) {
    return list[draw(list.length)]
  }
}

/**
 * Imports the emulator, with access to the size of its WebAssembly memory, which the package does not show. It has to
 * be called before any other use of the emulator, because the first use compiles the module.
 */
export async function emulatorWithMemory() {
  let memory
  const { Instance } = WebAssembly
  WebAssembly.Instance = class extends Instance {
    constructor(...args) {
      super(...args)
      memory = Object.values(this.exports).find((value) => value instanceof WebAssembly.Memory)
    }
  }
  const { FlexibleIpEmulator } = await import('flexip/emulator')
  new FlexibleIpEmulator()
  WebAssembly.Instance = Instance
  return { FlexibleIpEmulator, memoryBytes: () => memory.buffer.byteLength }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const hours = Number(process.argv[2] ?? 1)
  const { requests, statuses, early, late } = await soak({ seconds: hours * 3600, ...(await emulatorWithMemory()) })
  const describe = ({ bytes, journal }) => `${(bytes / 1024).toLocaleString('en')} kB of WebAssembly, ${journal} entries in the journal`
  console.log(`${requests.toLocaleString('en')} requests in ${hours} h of the emulator's time: ${JSON.stringify(statuses)}`)
  console.log(`after a tenth of it: ${describe(early)}\nat the end:          ${describe(late)}`)
  if (late.bytes > early.bytes + slackBytes || late.journal > early.journal) {
    console.error('The memory is not flat.')
    process.exitCode = 1
  }
}
