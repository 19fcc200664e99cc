// Two hosts with keepalived in network namespaces, and the API between them: kills, interruptions and faults.
// It runs in namespaces of the network, of mounts and of processes that cluster.test.ts makes, and prints its results as JSON.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FlexibleIpClient } from '../../../pkg/index.js'
import { serveEmulator } from '../../../pkg/server.js'

const { way, kills, flaps, outageMs, faults } = JSON.parse(process.argv[2])
const root = join(import.meta.dirname, '../../..')
const guide = readFileSync(join(root, 'docs/guides/failover.md'), 'utf8')
const zone = 'fr-par-1'
const apiHost = '10.99.0.254'
const secretKey = '33333333-3333-4333-8333-333333333333'

/** The file of the guide, as the guide prints it. */
function fileOfGuide(path) {
  const at = guide.indexOf(`\n\`${path}\``)
  const block = /```\w*\n([^]*?)```/.exec(guide.slice(at))
  if (at < 0 || !block) throw new Error(`the guide has no file ${path}`)
  return block[1]
}

function ip(...args) {
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`)
  return stdout
}

function makeNetwork() {
  // With a MAC address from one of its ports, a bridge would change it when a host leaves.
  for (const [index, bridge] of ['api', 'vrrp'].entries()) ip('link', 'add', bridge, 'address', `02:00:00:00:00:f${index}`, 'type', 'bridge')
  ip('address', 'add', `${apiHost}/24`, 'dev', 'api')
  for (const link of ['lo', 'api', 'vrrp']) ip('link', 'set', link, 'up')
  for (const number of [1, 2]) {
    ip('netns', 'add', `h${number}`)
    for (const [index, bridge] of ['api', 'vrrp'].entries()) {
      ip('link', 'add', `${bridge}${number}`, 'type', 'veth', 'peer', 'name', `eth${index}`, 'netns', `h${number}`)
      ip('link', 'set', `${bridge}${number}`, 'master', bridge, 'up')
      ip('-n', `h${number}`, 'address', 'add', `10.${99 - index}.0.${number}/24`, 'dev', `eth${index}`)
      ip('-n', `h${number}`, 'link', 'set', `eth${index}`, 'up')
    }
    ip('-n', `h${number}`, 'link', 'set', 'lo', 'up')
  }
}

class Host {
  constructor(number, vip, server, projectId) {
    Object.assign(this, { number, vip, server, netns: `h${number}`, folder: `/run/h${number}` })
    mkdirSync(this.folder)
    const fit = (text) =>
      text
        .replaceAll('51.159.1.2', vip)
        .replaceAll('/etc/keepalived/', `${this.folder}/`)
        .replaceAll('/run/flexip-claim.lock', `${this.folder}/lock`)
        .replaceAll('/etc/flexip.yaml', `${this.folder}/flexip.yaml`)
        .replaceAll('web-1', server.name)
        .replace('priority 150', `priority ${number === 1 ? 150 : 100}`)
    const write = (name, text, mode) => {
      writeFileSync(join(this.folder, name), text)
      chmodSync(join(this.folder, name), mode)
    }
    write('flexip.yaml', `${fileOfGuide('/etc/flexip.yaml').replace(/secret_key: .*/, `secret_key: ${secretKey}`)}api_url: http://${apiHost}:4010\ndefault_project_id: ${projectId}\n`, 0o600)
    const official = `#!/bin/sh\nAPI=http://${apiHost}:4010 TOKEN=${secretKey} ZONE=${zone} ADDRESS=${vip} SERVER=${server.id} exec ${join(root, 'tests/network/cluster/official.sh')}\n`
    write('flexip-claim', way === 'claim' ? fit(fileOfGuide('/etc/keepalived/flexip-claim')) : official, 0o755)
    const config = fit(fileOfGuide('/etc/keepalived/keepalived.conf'))
    write('keepalived.conf', way === 'claim' ? config : config.replace(/.*rx_lower_pri.*\n/, ''), 0o644)
  }

  /** Starts keepalived, and notes when the address comes. */
  start() {
    const log = openSync(join(this.folder, 'log'), 'a')
    const run = (args, stdio) => spawn('ip', ['netns', 'exec', this.netns, ...args], { stdio })
    run(['keepalived', '--dont-fork', '--log-console', '--log-detail', '--use-file', join(this.folder, 'keepalived.conf'), '--pid', join(this.folder, 'pid'), '--vrrp_pid', join(this.folder, 'vrrp.pid')], ['ignore', log, log])
    const monitor = run(['ip', '-oneline', 'monitor', 'address'], ['ignore', 'pipe', 'ignore'])
    monitor.stdout.on('data', (data) => {
      for (const line of String(data).split('\n')) {
        if (line.includes(this.vip) && !line.startsWith('Deleted')) this.masterSince = performance.now()
      }
    })
  }

  /** Whether keepalived has made it the master. */
  isMaster() {
    const show = ['-n', this.netns, '-oneline', 'address', 'show', 'dev', 'eth0', 'to', this.vip]
    try {
      return ip(...show) !== ''
    } catch {
      // ip fails if the addresses change while it reads them.
      return ip(...show) !== ''
    }
  }

  /** Whether a claim runs. */
  isBusy() {
    return this.#pids().some((pid) => {
      try {
        return /flexip-claim|official|claim/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      } catch {
        return false
      }
    })
  }

  /** The whole host fails: its processes, its links and its addresses. */
  kill() {
    for (const link of ['api', 'vrrp']) ip('link', 'set', `${link}${this.number}`, 'nomaster')
    for (const pid of this.#pids()) process.kill(pid, 'SIGKILL')
    ip('-n', this.netns, 'address', 'flush', 'dev', 'eth0', 'to', this.vip)
    // A restart of the machine empties the folder of these files.
    for (const name of ['pid', 'vrrp.pid']) rmSync(join(this.folder, name), { force: true })
  }

  revive() {
    for (const link of ['api', 'vrrp']) ip('link', 'set', `${link}${this.number}`, 'master', link)
    this.start()
  }

  /** Drops VRRP between the hosts. Lowering the link would stop keepalived instead. */
  cut() {
    ip('link', 'set', `vrrp${this.number}`, 'nomaster')
  }

  heal() {
    ip('link', 'set', `vrrp${this.number}`, 'master', 'vrrp')
  }

  #pids() {
    return ip('netns', 'pids', this.netns).split('\n').filter(Boolean).map(Number)
  }
}

makeNetwork()
const served = await serveEmulator({ host: apiHost, port: 4010, secretKey, seed: 1, timing: { attach: 2900, detach: 1600 }, servers: [{ zone, name: 'web-1' }, { zone, name: 'web-2' }] })
const { emulator } = served
const client = new FlexibleIpClient({ secretKey, fetch: emulator.fetch, defaultZone: zone, defaultProjectId: emulator.projectId })
const { id, ipAddress: vip } = await client.createFlexibleIP({ description: 'vip' })
const hosts = [1, 2].map((number) => new Host(number, vip, emulator.servers[number - 1], emulator.projectId))
const [first, second] = hosts

async function until(condition, what, ms = 90_000) {
  const end = performance.now() + ms
  for (;;) {
    const result = await condition()
    if (result) return result
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}; ${JSON.stringify(results)}; ${hosts.map((host) => [host.isMaster(), host.isBusy()])}; ${JSON.stringify(changesSince(0))}\n${hosts.map(({ folder }) => readFileSync(join(folder, 'log'), 'utf8').split('\n').slice(-60).join('\n')).join('\n---\n')}`)
    await sleep(50)
  }
}

/** The changes that the service accepted since a request of the journal: attach and detach, with the server. */
function changesSince(number) {
  return emulator.journal
    .filter((entry) => entry.number > number && entry.operation && /^(attach|detach)/.test(entry.operation) && isAccepted(entry))
    .map(({ operation, body }) => (operation.startsWith('attach') ? emulator.servers.find(({ id }) => id === JSON.parse(body).server_id)?.name : 'none'))
}

// A lost response has no status, and its work is done, except in the outage.
function isAccepted({ status, fault }) {
  return status === undefined ? fault === 'dropAfter' : status < 300
}

function lastRequest() {
  return emulator.journal.at(-1)?.number ?? 0
}

async function read() {
  emulator.clearFaults()
  return client.getFlexibleIP({ fipId: id })
}

/** Waits until one host is the master and nothing is under way any more, and says what is where. */
async function settle() {
  const started = performance.now()
  let quietSince = performance.now()
  await until(async () => {
    const masters = hosts.filter((host) => host.isMaster())
    const isQuiet = masters.length === 1 && !hosts.some((host) => host.isBusy())
    if (!isQuiet) quietSince = performance.now()
    // A master learns of the other one, and the last claim begins, within the interval of the adverts.
    return performance.now() - quietSince > 2500
  }, 'one master, and no claim under way')
  const master = hosts.find((host) => host.isMaster())
  const ip = await until(async () => { const ip = await read(); return ['attached', 'ready'].includes(ip.status) && ip }, 'at rest')
  return { master: master.server.name, owner: hosts.find((host) => host.server.id === ip.serverId)?.server.name ?? 'none', ms: Math.round(performance.now() - started) }
}

/** Does something, and measures how long after the new master's transition the flexible IP is attached to it. */
async function failoverTo(host, action) {
  const before = lastRequest()
  host.masterSince = undefined
  await action()
  await until(() => host.masterSince !== undefined, `${host.server.name} is the master`)
  const since = host.masterSince
  await until(async () => { const ip = await client.getFlexibleIP({ fipId: id }).catch(() => undefined); return ip?.status === 'attached' && ip.serverId === host.server.id }, `attached to ${host.server.name}`)
  const ms = Math.round(performance.now() - since)
  return { ...(await settle()), ms, changes: changesSince(before) }
}

/** What an API that is out of order does: it breaks connections, refuses everything, sends another page, or nothing at all. */
const outageFaults = ['resetBefore', { status: { status: 503 } }, { status: { status: 401 } }, { status: { status: 404 } }, { portal: 200 }, { delay: 600_000 }]

const results = { starts: undefined, returns: [], kills: [], flaps: [], outage: undefined }
first.start()
await until(() => first.isMaster(), 'web-1 is the master')
second.start()
results.starts = await settle()
for (let kill = 0; kill < kills; kill += 1) {
  const [dead, heir] = kill % 2 === 0 ? [first, second] : [second, first]
  results.kills.push(await failoverTo(heir, () => dead.kill()))
  dead.revive()
  results.returns.push(await settle())
}

// A fixed sequence: interruptions end at different moments of the claim that they have caused.
for (let flap = 0; flap < flaps; flap += 1) {
  const before = lastRequest()
  if (faults) {
    emulator.addFault({ probability: 0.2, fault: 'rateLimit' })
    emulator.addFault({ probability: 0.2, fault: 'dropAfter' })
  }
  second.cut()
  await until(() => second.isMaster(), 'both are masters')
  await sleep((flap * 1700) % 6100)
  second.heal()
  await until(() => hosts.filter((host) => host.isMaster()).length === 1, 'one steps down')
  results.flaps.push({ ...(await settle()), changes: changesSince(before) })
}

if (outageMs > 0) {
  results.outage = await failoverTo(second, async () => {
    emulator.addFault({ fault: outageFaults[0] })
    first.kill()
    await until(() => second.isMaster(), 'web-2 is the master')
    for (const fault of outageFaults) {
      emulator.clearFaults()
      emulator.addFault({ fault })
      await sleep(outageMs / outageFaults.length)
    }
    emulator.clearFaults()
    // The time of the claim counts from the end of the outage.
    second.masterSince = performance.now()
  })
}
for (const host of hosts) host.kill()
await served.close(0)
process.stdout.write(`${JSON.stringify(results)}\n`)
process.exit(0)
