// npm run demo: the life of three flexible IPs, on the emulator. No account, no network.
//
// For real ones the client takes the secret key of an API key, and no `fetch`; the calls are the same.
import { FlexibleIpClient, PermissionsDeniedError } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { poll, refused, seconds, table, whileTimePasses } from './stage.mjs'

const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'recorded', clock: 'manual' })
const client = new FlexibleIpClient({
  secretKey: emulator.secretKey,
  fetch: emulator.fetch,
  defaultZone: 'fr-par-1',
  defaultProjectId: emulator.projectId,
})
const web1 = emulator.addServer({ zone: 'fr-par-1', name: 'web-1' })
const web2 = emulator.addServer({ zone: 'fr-par-1', name: 'web-2' })
const serverNames = new Map(emulator.servers.map(({ id, name }) => [id, name]))

console.log('Flexible IPs on the emulator: delays as recorded on the real service, ten times faster. A dot is a poll without news.')
for (const [id, name] of serverNames) console.log(`   server ${name}: id ${id}`)

step('Create three flexible IPs')
const mail = await create({ description: 'mail' })
const www = await create({ description: 'www' })
const lab = await create({ description: 'lab', isIpv6: true })

step('Give one a description of 256 characters: refused before anything is sent')
await refused(() => client.updateFlexibleIP({ fipId: mail.id, description: 'x'.repeat(256) }))

step('Attach two to web-1: they are no MAC group, so one request for each')
for (const ip of [mail, www]) await client.attachFlexibleIP({ fipsIds: [ip.id], serverId: web1.id })
await settled([mail, www], 'attached to web-1')

step('Generate a virtual MAC address on mail')
await client.generateMACAddr({ fipId: mail.id, macType: 'kvm' })
await settled([mail], 'with a MAC')

step('Duplicate it to lab, which is on no server: both are read, and the rest is not sent')
await refused(() => client.duplicateMACAddr({ fipId: lab.id, duplicateFromFipId: mail.id }))

step('Duplicate it to www, which is on the same server')
await client.duplicateMACAddr({ fipId: www.id, duplicateFromFipId: mail.id })
await settled([www], 'with its MAC')

step('List them')
await list()

step('web-1 fails: move all that it has to web-2 in one call, the MAC group whole')
await whileTimePasses(
  emulator,
  client.failover({ fromServerId: web1.id, toServerId: web2.id }, { onEvent: tellStep }),
)
for (const ip of [mail, www]) ip.history.push('moved to web-2')
await list()

step('Delete all three: 204 is not gone yet, 403 is')
for (const ip of [mail, www, lab]) await client.deleteFlexibleIP({ fipId: ip.id })
await gone([mail, www, lab])

step('Summary')
summary([mail, www, lab])

/** Creates a flexible IP, and begins its history. */
async function create(request) {
  const began = emulator.now
  const { id, description, ipAddress, status } = await client.createFlexibleIP(request)
  console.log(`   ${description}: ${status}, ${ipAddress}, id ${id}`)
  return { id, name: description, ipAddress, began, history: ['created'] }
}

/** Waits until the service is done with some flexible IPs and with their MAC addresses. */
async function settled(ips, event) {
  await poll(emulator, names(ips), async () => {
    const now = await Promise.all(ips.map(({ id }) => client.getFlexibleIP({ fipId: id })))
    return { done: !now.some(isBusy), word: unique(now.map(({ status }) => status)) }
  })
  for (const ip of ips) ip.history.push(event)
}

function isBusy({ status, macAddress }) {
  return ['updating', 'detaching'].includes(status) || ['updating', 'deleting'].includes(macAddress?.status)
}

/** Waits until flexible IPs are no longer ours. */
async function gone(ips) {
  await poll(emulator, names(ips), async () => {
    const words = await Promise.all(ips.map(statusOrGone))
    return { done: words.every((word) => word === 'gone'), word: unique(words) }
  })
}

async function statusOrGone(ip) {
  if (ip.ended) return 'gone'
  try {
    return (await client.getFlexibleIP({ fipId: ip.id })).status
  } catch (error) {
    // So the service answers for one that was deleted: 403, not 404.
    if (!(error instanceof PermissionsDeniedError)) throw error
    ip.history.push('deleted')
    ip.ended = emulator.now
    return 'gone'
  }
}

/** Tells the steps of a move. */
function tellStep({ type, action, fipsIds, progress }) {
  if (type !== 'step') return
  const moving = [mail, www, lab].filter(({ id }) => fipsIds.includes(id))
  console.log(`   ${action} ${names(moving)}: ${progress}`)
}

async function list() {
  const { flexibleIps } = await client.listFlexibleIPs()
  table(
    flexibleIps.map((ip) => [
      ip.description,
      ip.ipAddress,
      ip.status,
      serverNames.get(ip.serverId) ?? 'no server',
      ip.macAddress?.macAddress ?? 'no MAC',
    ]),
  )
}

function summary(ips) {
  const { journal } = emulator
  const naming = ({ id }) => journal.filter(({ target, body }) => target.includes(id) || body.includes(id))
  table([
    ['IP', 'address', 'what happened', 'lived', 'requests'],
    ...ips.map((ip) => [
      ip.name,
      ip.ipAddress,
      ip.history.join(', '),
      seconds(ip.ended - ip.began),
      // Its creation did not know its id yet.
      String(naming(ip).length + 1),
    ]),
  ])
  console.log(`\n   ${journal.length} requests in all; one for a group counts for each of its members.`)
  console.log(`   ${seconds(emulator.now - mail.began)} of the emulator's time, ${seconds(performance.now())} of yours.`)
}

function step(title) {
  console.log(`\n── ${title}`)
}

function names(ips) {
  return ips.map(({ name }) => name).join(', ')
}

function unique(words) {
  return [...new Set(words)].join('/')
}
