// The steps of docs/guides/failover.md, in their order, on two hosts in network namespaces with the API between them.
// It runs in namespaces of the network, of mounts and of processes that guide.test.ts makes, and prints its results as JSON.
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiHost, ip, makeNetwork, root, secretKey, serveApi } from '../cluster/hosts.mjs'

const { tools, tarball } = JSON.parse(process.argv[2])

/** The steps before the part about Pacemaker: files with their modes, and lines that root types. */
const guide = readFileSync(join(root, 'docs/guides/failover.md'), 'utf8').split('\n## Pacemaker')[0]
const steps = [...guide.matchAll(/^(?:`(?<path>\/[^`]+)`(?:, mode (?<mode>\d+))?[^\n]*:\n\n)?```(?<language>\w*)\n(?<text>[^]*?)^```$/gm)].flatMap(({ groups: { path, mode = '644', language, text } }) => {
  if (path !== undefined) return [{ path, mode, text }]
  if (language !== 'console') throw new Error(`a block of the guide is neither a file nor what root types: ${text}`)
  return [...text.matchAll(/^# (.*)$/gm)].map(([, line]) => ({ line }))
})

/** What stands for systemd, which needs to be the first process: the units themselves are checked and carried out. */
const units = {
  'systemctl enable --now keepalived': 'sed -n "s/^ExecStart=.*keepalived/keepalived/p" "$TOOLS/lib/systemd/system/keepalived.service" > /run/start && grep -q . /run/start && (. /run/start > /run/keepalived.log 2>&1 & echo $! > /run/keepalived.shell)',
  'systemctl enable --now flexip-claim.timer': 'systemd-analyze verify /etc/systemd/system/flexip-claim.service /etc/systemd/system/flexip-claim.timer 2>&1',
}

class Host {
  constructor(number, vip, projectId) {
    Object.assign(this, { number, name: `web-${number}`, netns: `h${number}`, ready: `/run/h${number}/ready` })
    mkdirSync(`/run/h${number}`)
    // What the reader has to fill in, and the API that the tests have.
    this.fit = (text) =>
      text
        .replaceAll('51.159.1.2', vip)
        .replaceAll('claim web-1', `claim ${this.name}`)
        .replace('priority 150', `priority ${number === 1 ? 150 : 100}`)
        .replace(/secret_key: .*/, `secret_key: ${secretKey}\napi_url: http://${apiHost}:4010\ndefault_project_id: ${projectId}`)
  }

  async start() {
    const env = { ...process.env, TOOLS: tools, NAME: this.name, READY: this.ready }
    // Each of these programs replaces the one before it, so that this is the process of host.sh.
    this.child = spawn('ip', ['netns', 'exec', this.netns, 'unshare', '--mount', '--uts', 'bash', join(import.meta.dirname, 'host.sh')], { stdio: ['ignore', 'ignore', 'inherit'], env })
    await until(() => existsSync(this.ready), `${this.name} is ready`)
    // /run is mounted just after that.
    await until(async () => (await this.run(`test -e ${this.ready}`)).code !== 0, `${this.name} has its /run`)
  }

  /** Runs a line as root types it. The emulator is in this process: nothing may block it. */
  run(line) {
    const env = { ...process.env, TOOLS: tools, PATH: `/run/npm/bin:${process.env.PATH}` }
    return new Promise((resolve) => {
      execFile('nsenter', ['--target', String(this.child.pid), '--net', '--mount', '--uts', 'bash', '-c', line], { timeout: 120_000, env }, (error, out, err) => resolve({ code: error ? (error.code ?? error.signal) : 0, out: out + err }))
    })
  }

  write({ path, mode, text }) {
    return new Promise((resolve, reject) => {
      const child = execFile('nsenter', ['--target', String(this.child.pid), '--mount', 'bash', '-c', `mkdir -p "$(dirname ${path})" && cat > ${path} && chmod ${mode} ${path}`], (error) => (error ? reject(error) : resolve()))
      child.stdin.end(this.fit(text))
    })
  }

  isMaster() {
    return ip('-n', this.netns, '-oneline', 'address', 'show', 'dev', 'eth0', 'to', vip) !== ''
  }
}

async function until(condition, what, ms = 60_000) {
  const end = performance.now() + ms
  for (;;) {
    const result = await condition()
    if (result) return result
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}; ${JSON.stringify(results)}; ${(await Promise.all(hosts.map((host) => host.run('tail --lines=30 /run/keepalived.log')))).map(({ out }) => out).join('\n---\n')}`)
    await sleep(50)
  }
}

async function owner() {
  const { status, serverId } = await client.getFlexibleIP({ fipId: id })
  return status === 'attached' ? emulator.servers.find((server) => server.id === serverId).name : status
}

const results = { typed: [], files: [], owners: {} }
makeNetwork()
const { served, emulator, client, changesSince, lastRequest } = await serveApi()
const { id, ipAddress: vip } = await client.createFlexibleIP({ description: 'vip' })
const hosts = [1, 2].map((number) => new Host(number, vip, emulator.projectId))
for (const host of hosts) await host.start()
const [first, second] = hosts

/** What each line is in the tests, if it is not the line itself. */
function lineFor(host, line) {
  if (line.startsWith('apt-get install ')) return line.replace('install', 'install --simulate')
  if (line === 'npm install --global flexip') return `npm install --global --offline --prefix /run/npm ${tarball}`
  return units[line] ?? host.fit(line)
}

for (const step of steps) {
  for (const host of hosts) {
    if ('path' in step) {
      await host.write(step)
      if (host === first) results.files.push(step.path)
      continue
    }
    const { code, out } = await host.run(lineFor(host, step.line))
    results.typed.push({ host: host.name, line: step.line, code, out })
    if (step.line === 'systemctl enable --now keepalived' && host === first) {
      await until(async () => (await owner()) === 'web-1', 'web-1 has it')
      results.owners.started = await owner()
    }
  }
}

/** The service of the timer, as systemd carries it out. */
async function tick(host) {
  const unit = (await host.run('cat /etc/systemd/system/flexip-claim.service')).out
  const [, condition] = /^ExecCondition=(.*)$/m.exec(unit)
  const [, start] = /^ExecStart=(.*)$/m.exec(unit)
  const { code } = await host.run(condition)
  return code === 0 ? (await host.run(start)).code : 'skipped'
}

// The end of step 4: web-1 stops.
await first.run('pkill --pidfile /run/keepalived.pid')
await until(async () => (await owner()) === 'web-2', 'web-2 has it')
results.owners.stopped = await owner()
// Step 5: on the master the timer's service changes nothing if all is in order, and on the other host it does not run.
const before = lastRequest()
results.ticks = [await tick(first), await tick(second)]
results.changes = changesSince(before)
await client.detachFlexibleIP({ fipsIds: [id] })
await until(async () => (await owner()) === 'ready', 'detached by hand')
results.ticks.push(await tick(second))
results.owners.byHand = await owner()
await second.run('pkill --pidfile /run/keepalived.pid')
await served.close(0)
process.stdout.write(`${JSON.stringify(results)}\n`)
process.exit(0)
