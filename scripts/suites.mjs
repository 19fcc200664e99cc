// Suites that npm run test:full and npm run test:long share, with different numbers of runs.
import { join } from 'node:path'
import { root, run } from './run.mjs'
import { hostToolchain } from './toolchain.mjs'

/** Clients on a network that fails, until they have done so many operations. `npm test` does 5,000. */
export function chaos(operations) {
  const { cargo, env } = hostToolchain()
  run(cargo, ['test', '--release', '--test', 'chaos', '--', '--nocapture'], { ...env, CHAOS_OPERATIONS: String(operations) })
}

/** Calls with random arguments, signals and responses, each of which must settle. `npm test` makes 10,000. */
export function hangHunt(calls) {
  run(process.execPath, [join(root, 'tests/hang-hunt/run.mjs'), String(calls)])
}

/** So many calls over connections that break. `npm test` makes 400. */
export function chaosOverSockets(calls) {
  run(join(root, 'node_modules/.bin/vitest'), ['run', 'tests/js/chaos-sockets.test.ts'], { FLEXIP_CHAOS_CALLS: String(calls) })
}

/** The built package against a hostile service, until it has sent so many requests, beside the seeds that failed once. */
export function hostile(requests) {
  run(process.execPath, [join(root, 'tests/hostile/run.mjs'), String(requests)], { SAVE: '0' })
}

/** The client's machines against a hostile service, until they have sent so many requests. `npm test` sends 200,000. */
export function hostileWorld(requests) {
  const { cargo, env } = hostToolchain()
  const long = ['test', '--profile', 'long', '--test', 'hostile_world', '--', '--nocapture']
  run(cargo, long, { ...env, FLEXIP_HOSTILE_REQUESTS: String(requests) })
}

/** The tarball, installed by consumers: the core of them, or with `--all` all. `--record` keeps the results. */
export function packaging(...args) {
  run(process.execPath, [join(root, 'tests/packaging/matrix/run.mjs'), ...args])
}
