// npm run demo: the life of three flexible IPs on the emulator. It needs no account and no network.
//
// With the real service, the client gets the secret key of an API key and no `fetch`. The calls are the same.
import { FlexibleIpClient, PermissionsDeniedError } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { poll, printRefusal, printTable, seconds, whileTimePasses } from './stage.mjs'

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

console.log('Flexible IPs on the emulator: with the delays of the real service, ten times faster. A dot is a poll that shows no change.')
for (const [id, name] of serverNames) console.log(`   server ${name}: id ${id}`)

step('Create three flexible IPs')
const mail = await create({ description: 'mail' })
const www = await create({ description: 'www' })
const lab = await create({ description: 'lab', isIpv6: true })

step('Update one with a description of 256 characters: refused, and nothing is sent')
await printRefusal(() => client.updateFlexibleIP({ fipId: mail.id, description: 'x'.repeat(256) }))

step('Attach two to web-1: they are not a MAC group, so each needs a request')
for (const ip of [mail, www]) await client.attachFlexibleIP({ fipsIds: [ip.id], serverId: web1.id })
await atRest([mail, www], 'attached to web-1')

step('Generate a virtual MAC address on mail')
await client.generateMACAddr({ fipId: mail.id, macType: 'kvm' })
await atRest([mail], 'with a MAC')

step('Duplicate it to lab, which is on no server: both are read, and the request is refused and not sent')
await printRefusal(() => client.duplicateMACAddr({ fipId: lab.id, duplicateFromFipId: mail.id }))

step('Duplicate it to www, which is on the same server')
await client.duplicateMACAddr({ fipId: www.id, duplicateFromFipId: mail.id })
await atRest([www], 'with the same MAC')

step('List them')
await list()

step('web-1 fails: move its flexible IPs to web-2 in one call, the MAC group as a whole')
await whileTimePasses(
  emulator,
  client.failover({ fromServerId: web1.id, toServerId: web2.id }, { onEvent: printProgress }),
)
for (const ip of [mail, www]) ip.history.push('moved to web-2')
await list()

step('Delete all three: they exist for a while after the 204; a 403 shows that they are gone')
for (const ip of [mail, www, lab]) await client.deleteFlexibleIP({ fipId: ip.id })
await untilGone([mail, www, lab])

step('Summary')
summary([mail, www, lab])

/** Creates a flexible IP and begins its history. */
async function create(request) {
  const began = emulator.now
  const { id, description, ipAddress, status } = await client.createFlexibleIP(request)
  console.log(`   ${description}: ${status}, ${ipAddress}, id ${id}`)
  return { id, name: description, ipAddress, began, history: ['created'] }
}

/** Polls until flexible IPs and their MAC addresses are at rest. Adds `event` to their history. */
async function atRest(ips, event) {
  await poll(emulator, names(ips), async () => {
    const now = await Promise.all(ips.map(({ id }) => client.getFlexibleIP({ fipId: id })))
    return { done: !now.some(isInTransition), text: unique(now.map(({ status }) => status)) }
  })
  for (const ip of ips) ip.history.push(event)
}

function isInTransition({ status, macAddress }) {
  return ['updating', 'detaching'].includes(status) || ['updating', 'deleting'].includes(macAddress?.status)
}

/** Polls until flexible IPs are gone. */
async function untilGone(ips) {
  await poll(emulator, names(ips), async () => {
    const statuses = await Promise.all(ips.map(statusOrGone))
    return { done: statuses.every((status) => status === 'gone'), text: unique(statuses) }
  })
}

async function statusOrGone(ip) {
  if (ip.ended) return 'gone'
  try {
    return (await client.getFlexibleIP({ fipId: ip.id })).status
  } catch (error) {
    // For a deleted flexible IP the service responds with 403, not 404.
    if (!(error instanceof PermissionsDeniedError)) throw error
    ip.history.push('deleted')
    ip.ended = emulator.now
    return 'gone'
  }
}

/** Prints the progress of a move. */
function printProgress({ type, action, fipsIds, progress }) {
  if (type !== 'step') return
  const moving = [mail, www, lab].filter(({ id }) => fipsIds.includes(id))
  console.log(`   ${action} ${names(moving)}: ${progress}`)
}

async function list() {
  const { flexibleIps } = await client.listFlexibleIPs()
  printTable(
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
  const requestsWith = ({ id }) => journal.filter(({ target, body }) => target.includes(id) || body.includes(id))
  printTable([
    ['IP', 'address', 'history', 'lifetime', 'requests'],
    ...ips.map((ip) => [
      ip.name,
      ip.ipAddress,
      ip.history.join(', '),
      seconds(ip.ended - ip.began),
      // One more for its creation, whose request has no id.
      String(requestsWith(ip).length + 1),
    ]),
  ])
  console.log(`\n   ${journal.length} requests in all; a request for a group counts for each of its members.`)
  console.log(`   ${seconds(emulator.now - mail.began)} of emulator time, ${seconds(performance.now())} of real time.`)
}

function step(title) {
  console.log(`\n── ${title}`)
}

function names(ips) {
  return ips.map(({ name }) => name).join(', ')
}

function unique(statuses) {
  return [...new Set(statuses)].join('/')
}
