// npm run test:full [-- step…]: the suites that take long.
import { join } from 'node:path'
import { fuzz } from './fuzz.mjs'
import { python } from './python.mjs'
import { main, root, run } from './run.mjs'
import { npmPackages } from './setup.mjs'
import { runSteps } from './steps.mjs'
import { hostToolchain } from './toolchain.mjs'

const steps = [
  ['properties', properties],
  ['chaos', chaos],
  ['fuzz', () => fuzz()],
  ['clients', clients],
  ['crash', crash],
  ['connections', connections],
  ['soak', () => node('tests/soak/soak.mjs')],
  ['hang-hunt', () => run(process.execPath, [join(root, 'tests/hang-hunt/run.mjs'), '1000000'])],
  ['chaos-sockets', chaosOverSockets],
  ['demo', () => node('demo/demo.mjs')],
  ['bench', () => node('bench/bench.mjs')],
]

// The emulator against its model, ten times as often as in npm test.
function properties() {
  const { cargo, env } = hostToolchain()
  run(cargo, ['test', '--release', '--test', 'emulator_model'], { ...env, PROPTEST_CASES: '2000' })
}

// Clients on a network that fails, twenty times as often as in npm test.
function chaos() {
  const { cargo, env } = hostToolchain()
  run(cargo, ['test', '--release', '--test', 'chaos', '--', '--nocapture'], { ...env, CHAOS_OPERATIONS: '100000' })
}

// The emulator on a port: its contract by schemathesis, and the official SDKs for Python.
function clients() {
  npmPackages()
  run(join(root, 'node_modules/.bin/vitest'), ['run', '--config', 'tests/clients/vitest.config.ts'], python())
}

// kill -9 at random moments under load, twenty times as often as in npm test.
function crash() {
  run(join(root, 'node_modules/.bin/vitest'), ['run', 'tests/server/crash.test.ts'], { FLEXIP_KILLS: '200' })
}

// As many connections at once as a server is not often asked for.
function connections() {
  run(join(root, 'node_modules/.bin/vitest'), ['run', 'tests/server/connections.test.ts'], { FLEXIP_CONNECTIONS: '10000' })
}

// Over broken connections, ten times as often as in npm test.
function chaosOverSockets() {
  run(join(root, 'node_modules/.bin/vitest'), ['run', 'tests/js/chaos-sockets.test.ts'], { FLEXIP_CHAOS_CALLS: '4000' })
}

// What a reader is told to run has to run. Its figures are for people: they fail nothing.
function node(script) {
  run(process.execPath, [join(root, script)])
}

await main(() => runSteps(steps, process.argv.slice(2)))
