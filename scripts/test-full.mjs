// npm run test:full [-- step…]: the suites that take minutes.
import { join } from 'node:path'
import { differences, goMissing, runGo } from '../tests/environment/run-go.mjs'
import { buildConsole } from './console.mjs'
import { documentWeb } from './crate.mjs'
import { denyCheap } from './deny.mjs'
import { printPkgDigest } from './digest.mjs'
import { fuzz } from './fuzz.mjs'
import { goPrograms, whyNoGo, whyNoModules } from './go.mjs'
import { howto } from './howto.mjs'
import { networkTools } from './network-tools.mjs'
import { python } from './python.mjs'
import { Stop, main, root, run } from './run.mjs'
import { chromium, npmPackages } from './setup.mjs'
import { runSteps } from './steps.mjs'
import { chaos, chaosOverSockets, hangHunt, hostile, hostileWorld, packaging } from './suites.mjs'
import { hostToolchain } from './toolchain.mjs'

const steps = [
  ['howto', howto],
  ['reference', () => node('scripts/reference.mjs')],
  ['deny', denyCheap],
  ['properties', properties],
  ['chaos', () => chaos(10_000)],
  ['hostile-world', () => hostileWorld(400_000)],
  ['hostile', () => hostile(100_000)],
  ['fuzz', () => fuzz()],
  ['clients', clients],
  ['go', go],
  ['environment', environment],
  ['network', network],
  ['crash', crash],
  ['connections', connections],
  ['console', consoleInChromium],
  ['dropped-clients', droppedClients],
  ['web-docs', documentWeb],
  ['packaging', () => packaging()],
  ['soak', () => node('tests/soak/soak.mjs')],
  ['hang-hunt', () => hangHunt(100_000)],
  ['chaos-sockets', () => chaosOverSockets(1500)],
  ['demo', () => node('demo/demo.mjs')],
  ['bench', () => node('bench/bench.mjs', '--quick')],
]

// The emulator compared with its model, with ten times the cases of npm test, and 50,000 mutants of its snapshots.
function properties() {
  const { cargo, env } = hostToolchain()
  run(cargo, ['test', '--release', '--test', 'emulator_model'], { ...env, PROPTEST_CASES: '2000', SNAPSHOT_MUTANTS: '50000' })
}

// The emulator on a port: generated requests by schemathesis, and the official SDKs for Python.
function clients() {
  npmPackages()
  vitest(['--config', 'tests/clients/vitest.config.ts'], python())
}

// The emulator on a port: the official SDK for Go, and the command scw.
function go() {
  const reason = whyNoGo() ?? whyNoModules('tests/clients/go', 'tests/clients/go/scw')
  if (reason) return reason
  npmPackages()
  vitest(['--config', 'tests/clients/go/vitest.config.ts'], goPrograms())
}

// What scaleway-sdk-go makes of environments and config files, against which npm test compares flexip/node.
function environment() {
  const missing = goMissing() ?? whyNoModules('tests/environment/go')
  if (missing) return missing
  const different = differences(runGo())
  if (different.length > 0) throw new Stop(`tests/environment/go.json is not what Go makes now: ${different.join('; ')}`)
}

// Network configurations, the agent for Pacemaker, and a cluster with keepalived, by Debian's tools in network namespaces.
function network() {
  const { reason, env } = networkTools()
  if (reason) return reason
  npmPackages()
  vitest(['--config', 'tests/network/vitest.config.ts', 'systems', 'ocf', 'guide', 'cluster'], env)
}

// The console as static files, in Chromium.
function consoleInChromium() {
  npmPackages()
  run(join(root, 'node_modules/.bin/tsc'), ['--project', 'js/console'])
  run(join(root, 'node_modules/.bin/tsc'), ['--project', 'tests/console'])
  buildConsole()
  vitest(['--config', 'tests/console/vitest.config.ts'], chromium())
}

// kill -9 at random moments under load, with faults, odd queries, clock moves and callers that change what they passed, 300 times; npm test does it 10 times.
// A log that was cut at every place, and with a bit that flipped in every byte.
function crash() {
  vitest(['tests/server/crash.test.ts', 'tests/server/log-damage.test.ts'], { FLEXIP_KILLS: '300', FLEXIP_EVERY: '1' })
}

// 10,000 connections at once.
function connections() {
  vitest(['tests/server/connections.test.ts'], { FLEXIP_CONNECTIONS: '10000' })
}

// 10,000 clients that a page in Chromium drops; npm test has 1,000.
function droppedClients() {
  vitest(['tests/browser/dropped-clients.test.ts'], { ...chromium(), FLEXIP_DROPPED_CLIENTS: '10000' })
}

function vitest(args, env) {
  run(join(root, 'node_modules/.bin/vitest'), ['run', ...args], env)
}

// Programs that must run. The figures of a bench fail nothing.
function node(script, ...args) {
  run(process.execPath, [join(root, script), ...args])
}

await main(async () => {
  await runSteps(steps, process.argv.slice(2))
  printPkgDigest()
})
