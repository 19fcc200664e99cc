// Two nodes with corosync and Pacemaker in network namespaces, with the agent and the command of the guide: moves, an outage and a kill.
// It runs in namespaces of the network, of mounts and of processes that pacemaker.test.ts makes, and prints its results as JSON.
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiHost, fileOfGuide, guideLine, ip, makeNetwork, pidsOf, root, secretKey, serveApi } from '../cluster/hosts.mjs'

const { tools, moves } = JSON.parse(process.argv[2])

const corosync = `totem {
  version: 2
  cluster_name: flexip
  transport: knet
  crypto_cipher: none
  crypto_hash: none
}
nodelist {
  node {
    name: web-1
    nodeid: 1
    ring0_addr: 10.98.0.1
  }
  node {
    name: web-2
    nodeid: 2
    ring0_addr: 10.98.0.2
  }
}
quorum {
  provider: corosync_votequorum
  two_node: 1
  wait_for_all: 0
}
logging {
  to_stderr: yes
  to_syslog: no
}
`

class Node {
  constructor(number, projectId) {
    Object.assign(this, { number, name: `web-${number}`, netns: `h${number}`, folder: `/run/h${number}` })
    const write = (path, text, mode = 0o755) => {
      mkdirSync(dirname(join(this.folder, 'files', path)), { recursive: true })
      writeFileSync(join(this.folder, 'files', path), text, { mode })
    }
    write('etc/corosync/corosync.conf', corosync)
    write('etc/flexip.yaml', `${fileOfGuide('/etc/flexip.yaml').replace(/secret_key: .*/, `secret_key: ${secretKey}`)}api_url: http://${apiHost}:4010\ndefault_project_id: ${projectId}\n`, 0o600)
    write('usr/lib/ocf/resource.d/flexip/flexip', fileOfGuide('/usr/lib/ocf/resource.d/flexip/flexip'))
    write('usr/bin/flexip', `#!/bin/sh\nexec ${process.execPath} ${root}/pkg/cli.js "$@"\n`)
  }

  start() {
    const log = openSync(join(this.folder, 'log'), 'a')
    const env = { ...process.env, TOOLS: tools, FILES: join(this.folder, 'files'), NAME: this.name }
    // Each of these programs replaces the one before it, so that this is the process of node.sh.
    this.child = spawn('ip', ['netns', 'exec', this.netns, 'unshare', '--mount', '--uts', '--ipc', 'bash', join(import.meta.dirname, 'node.sh')], { stdio: ['ignore', log, log], env })
  }

  /** Runs a program on the node. The emulator is in this process: nothing may block it. */
  run(...args) {
    return new Promise((resolve) => {
      execFile('nsenter', ['--target', String(this.child.pid), '--net', '--mount', '--uts', '--ipc', ...args], { timeout: 90_000 }, (error, out, err) => resolve({ status: error ? (error.code ?? error.signal) : 0, out, err }))
    })
  }

  /** The same, and throws if it fails. */
  async must(...args) {
    const { status, out, err } = await this.run(...args)
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${out}${err}\n${await logs()}`)
    return out
  }

  hasAddress(address) {
    return ip('-n', this.netns, '-oneline', 'address', 'show', 'dev', 'eth0', 'to', address) !== ''
  }

  /** The whole host fails. */
  kill() {
    this.isKilled = true
    for (const link of ['api', 'private']) ip('link', 'set', `${link}${this.number}`, 'nomaster')
    for (const pid of pidsOf(this.netns)) process.kill(pid, 'SIGKILL')
  }
}

makeNetwork()
const { served, emulator, client, changesSince, lastRequest } = await serveApi()
const { id, ipAddress: vip } = await client.createFlexibleIP({ description: 'vip' })
const nodes = [1, 2].map((number) => new Node(number, emulator.projectId))
const [first, second] = nodes
const results = { starts: undefined, moves: [], outage: undefined, kill: undefined, failures: [] }

/** What the nodes said last. */
async function logs() {
  const texts = nodes.map(async (node) => `${(await node.run('crm_mon', '--one-shot', '--inactive')).out}\n${readFileSync(join(node.folder, 'log'), 'utf8').slice(-3000)}\n${(await node.run('tail', '--lines=40', '/var/log/pacemaker/pacemaker.log')).out}`)
  return (await Promise.all(texts)).join('\n---\n')
}

async function until(condition, what, ms = 120_000) {
  const end = performance.now() + ms
  for (;;) {
    const result = await condition()
    if (result) return result
    const hasEnded = nodes.some(({ child, isKilled }) => child?.exitCode !== null && !isKilled)
    if (hasEnded || performance.now() > end) throw new Error(`not within ${ms} ms: ${what}; ${JSON.stringify(results)}\n${await logs()}`)
    await sleep(50)
  }
}

/** Where the service has the flexible IP, and which nodes have its address. */
async function places() {
  const { status, serverId } = await client.getFlexibleIP({ fipId: id })
  const server = emulator.servers.find((server) => server.id === serverId)
  return { owner: status === 'attached' ? server.name : status, addresses: nodes.filter((node) => node.hasAddress(vip)).map(({ name }) => name) }
}

/** Does something, and waits until the cluster has nothing to do any more. */
async function settled(watcher, node, action) {
  const before = lastRequest()
  const started = performance.now()
  await action()
  await until(async () => (await watcher.run('crm_resource', '--resource', 'vip', '--locate')).out.includes(`: ${node.name}`) && node.hasAddress(vip), `vip on ${node.name}`)
  const ms = Math.round(performance.now() - started)
  await watcher.must('crm_resource', '--wait', '--timeout', '60')
  return { node: node.name, ...(await places()), ms, changes: changesSince(before) }
}

for (const node of nodes) node.start()
await until(async () => ((await first.run('crm_mon', '--one-shot', '--output-as', 'xml')).out.match(/<node [^>]*online="true"/g) ?? []).length === 2, 'two nodes')
await first.must('pcs', 'property', 'set', 'stonith-enabled=false')
await first.must('pcs', 'resource', 'defaults', 'update', 'resource-stickiness=100')
await first.must(...guideLine(/^# pcs resource create .*$/m).replace('51.159.1.2', vip).split(' '))
await first.must('crm_resource', '--wait', '--timeout', '60')
results.starts = await places()

for (let move = 0; move < moves; move += 1) {
  const target = first.hasAddress(vip) ? second : first
  results.moves.push(await settled(first, target, () => first.must('crm_resource', '--resource', 'vip', '--move', '--node', target.name)))
  await first.must('crm_resource', '--resource', 'vip', '--clear')
}

// While the API is away, the monitor says what it knew, and the cluster leaves the address where it is.
const before = lastRequest()
const holder = nodes.find((node) => node.hasAddress(vip))
emulator.addFault({ fault: 'resetBefore' })
await until(() => emulator.journal.some(({ number, fault }) => number > before && fault !== undefined), 'a monitor asks')
await first.must('crm_resource', '--wait', '--timeout', '60')
emulator.clearFaults()
results.outage = { held: holder.name, ...(await places()), changes: changesSince(before) }

const heir = nodes.find((node) => node !== holder)
results.kill = await settled(heir, heir, () => {
  holder.kill()
  ip('-n', holder.netns, 'address', 'flush', 'dev', 'eth0')
})
results.kill.killed = holder.name
results.failures = (await heir.must('crm_mon', '--one-shot', '--output-as', 'xml')).match(/<failure [^>]*>/g) ?? []
heir.kill()
await served.close(0)
process.stdout.write(`${JSON.stringify(results)}\n`)
process.exit(0)
