// npm run test:full [-- step…]: the suites that take long.
import { join } from 'node:path'
import { main, root, run } from './run.mjs'
import { runSteps } from './steps.mjs'
import { hostToolchain } from './toolchain.mjs'

const steps = [
  ['properties', properties],
  ['hang-hunt', () => node('tests/hang-hunt/run.mjs')],
  ['chaos-sockets', chaosOverSockets],
  ['demo', () => node('demo/demo.mjs')],
  ['bench', () => node('bench/bench.mjs')],
]

// The emulator against its model, ten times as often as in npm test.
function properties() {
  const { cargo, env } = hostToolchain()
  run(cargo, ['test', '--release', '--test', 'emulator_model'], { ...env, PROPTEST_CASES: '2000' })
}

// Over broken connections, fifty times as often as in npm test.
function chaosOverSockets() {
  run(join(root, 'node_modules/.bin/vitest'), ['run', 'tests/js/chaos-sockets.test.ts'], { FLEXIP_CHAOS_CALLS: '20000' })
}

// What a reader is told to run has to run. Its figures are for people: they fail nothing.
function node(script) {
  run(process.execPath, [join(root, script)])
}

await main(() => runSteps(steps, process.argv.slice(2)))
