// Two hosts with keepalived in network namespaces, and the API between them: kills, interruptions and faults.
// It runs in namespaces of the network, of mounts and of processes that cluster.test.ts makes, and prints its results as JSON.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiHost, fileOfGuide, ip, makeNetwork, pidsOf, root, secretKey, serveApi, zone } from './hosts.mjs'

const { way, kills, flaps, outageMs, faults } = JSON.parse(process.argv[2])

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
    return pidsOf(this.netns).some((pid) => {
      try {
        return /flexip-claim|official|claim/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      } catch {
        return false
      }
    })
  }

  /** The whole host fails: its processes, its links and its addresses. */
  kill() {
    for (const link of ['api', 'private']) ip('link', 'set', `${link}${this.number}`, 'nomaster')
    for (const pid of pidsOf(this.netns)) process.kill(pid, 'SIGKILL')
    ip('-n', this.netns, 'address', 'flush', 'dev', 'eth0', 'to', this.vip)
    // A restart of the machine empties the folder of these files.
    for (const name of ['pid', 'vrrp.pid']) rmSync(join(this.folder, name), { force: true })
  }

  revive() {
    for (const link of ['api', 'private']) ip('link', 'set', `${link}${this.number}`, 'master', link)
    this.start()
  }

  /** Drops VRRP between the hosts. Lowering the link would stop keepalived instead. */
  cut() {
    ip('link', 'set', `private${this.number}`, 'nomaster')
  }

  heal() {
    ip('link', 'set', `private${this.number}`, 'master', 'private')
  }
}

makeNetwork()
const { served, emulator, client, changesSince, lastRequest } = await serveApi()
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
