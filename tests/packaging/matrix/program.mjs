// What every consumer runs, in the form that it takes: flexible IPs are created and attached, all at once, on the
// emulator in the process, and on a port if there is one.

/** How many at once. */
export const count = 20

/** What a consumer prints when all is well. */
export const passed = `flexip works: ${count}`

const body = (types) => `
export async function run({ url, key, server: onPortId } ${types ? ': { url?: string; key?: string; server?: string }' : ''} = {}) {
  const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'instant' })
  if (new ConfigurationError('x') instanceof FlexipError === false) throw new Error('an error of flexip/emulator is none of flexip')
  const server = emulator.addServer({ zone: 'fr-par-1' })
  const inProcess = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
  const done = await attachAll(inProcess, server.id)
  if (url && key && onPortId) await attachAll(new FlexibleIpClient({ secretKey: key, baseUrl: url, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId }), onPortId)
  if (srn({ id: 'x', zone: 'y' }) !== 'srn://flexible-ip.scw.eu/zones/y/flexible-ips/x') throw new Error('srn')
  return 'flexip works: ' + done
}

async function attachAll(client${types ? ': FlexibleIpClient' : ''}, serverId${types ? ': string' : ''}) {
  const ips = await Promise.all(Array.from({ length: ${count} }, (_, place) => client.createAndAttach({ description: 'é ' + place, serverId })))
  for (const [place, ip] of ips.entries()) {
    if (ip.status !== 'attached' || ip.description !== 'é ' + place || ip.serverId !== serverId) throw new Error('wrong: ' + JSON.stringify(ip))
    const read = await client.getFlexibleIP({ fipId: ip.id })
    if (read.description !== ip.description) throw new Error('another flexible IP was read: ' + JSON.stringify(read))
  }
  return ips.length
}
`

const imports = `import { FlexibleIpClient, FlexipError, srn } from 'flexip'\nimport { ConfigurationError, FlexibleIpEmulator } from 'flexip/emulator'\n`

/** As an ES module. */
export const esm = imports + body(false)

/** As TypeScript. */
export const typescript = imports + body(true)

/** As a CommonJS module. */
export const cjs = `const { FlexibleIpClient, FlexipError, srn } = require('flexip')\nconst { ConfigurationError, FlexibleIpEmulator } = require('flexip/emulator')\n${body(false).replace('export async', 'exports.run = run\nasync')}`

/** A module with a proxy on an emulator, and one that calls it at an address from the page's origin, and from another. */
export const proxy = `import { FlexibleIpEmulator } from 'flexip/emulator'
import { createProxy } from 'flexip/proxy'
const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'instant' })
export const proxy = createProxy({
  secretKey: emulator.secretKey,
  fetch: emulator.fetch,
  basePath: '/api/scaleway',
  origins: ['https://console.example'],
  authorize: () => ({ id: 'ann' }),
  policy: { grants: [{ projects: [emulator.projectId] }] },
})
`
export const callProxy = `import { FlexibleIpClient } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
const { projectId: defaultProjectId } = new FlexibleIpEmulator({ seed: 1 })
const call = (origin, url) => new FlexibleIpClient({ baseUrl: url + '/api/scaleway', headers: { Origin: origin }, defaultZone: 'fr-par-1', defaultProjectId })
export async function run(url) {
  const client = call('https://console.example', url)
  const ips = await Promise.all(Array.from({ length: ${count} }, (_, place) => client.createFlexibleIP({ description: 'é ' + place })))
  for (const [place, { id }] of ips.entries()) if ((await client.getFlexibleIP({ fipId: id })).description !== 'é ' + place) throw new Error('another was read')
  const refused = await call('https://other.example', url).getFlexibleIP({ fipId: ips[0].id }).catch((error) => error.status)
  if (refused !== 403) throw new Error('another origin: ' + refused)
  return 'flexip works: ' + (await client.listFlexibleIPs()).totalCount
}
`

/** What the program is given where there is an environment. */
export const port = `{ url: globalThis.process?.env?.FLEXIP_URL, key: globalThis.process?.env?.FLEXIP_KEY, server: globalThis.process?.env?.FLEXIP_SERVER }`

/** The line that runs it and prints the result. */
export const print = `run(${port}).then((result) => console.log(result), (error) => { console.error(error); globalThis.process?.exit?.(1) })\n`
