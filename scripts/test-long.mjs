// npm run test:long [-- step…]: suites of npm run test:full with ten times as many runs, for a whole night; the crates as they would be published; a cluster with keepalived; a million flexible IPs; Terraform; and the console in Firefox and WebKitGTK.
import { join } from 'node:path'
import { aptInstall, aptInstalled } from './apt.mjs'
import { buildAsm } from './build-asm.mjs'
import { buildJs } from './build-js.mjs'
import { buildModules, modules } from './build-rust.mjs'
import { buildConsole } from './console.mjs'
import { packCrates } from './crate.mjs'
import { cargoDeny } from './deny.mjs'
import { printPkgDigest } from './digest.mjs'
import { engines } from './engines.mjs'
import { networkTools } from './network-tools.mjs'
import { main, root, run } from './run.mjs'
import { chromium, npmPackages } from './setup.mjs'
import { runSteps } from './steps.mjs'
import { chaos, chaosOverSockets, hangHunt, hostile, hostileWorld, packaging } from './suites.mjs'
import { terraform } from './terraform.mjs'
import { buildWebPage } from './web-page.mjs'

const steps = [
  ['hang-hunt', () => hangHunt(1_000_000)],
  ['chaos', () => chaos(100_000)],
  ['chaos-sockets', () => chaosOverSockets(4000)],
  ['hostile-world', () => hostileWorld(10_000_000)],
  ['hostile', () => hostile(1_000_000)],
  ['packaging', () => packaging('--all', '--record')],
  ['web-page', webPage],
  ['crates', packCrates],
  ['deny', cargoDeny],
  ['engines', libraryInEngines],
  ['network', network],
  ['scale', scale],
  ['terraform', terraformProvider],
  ['console', consoleInOtherEngines],
]

// The page in Rust, in Chromium.
function webPage() {
  npmPackages()
  run(join(root, 'node_modules/.bin/tsc'), ['--project', 'tests/web-page', '--noEmit'])
  buildWebPage()
  run(join(root, 'node_modules/.bin/vitest'), ['run', '--config', 'tests/web-page/vitest.config.ts'], chromium())
}

// Chromium, Firefox and WebKitGTK: the behaviours, 50 calls at once, and the policies of pages.
async function libraryInEngines() {
  npmPackages()
  const env = chromium()
  const packages = ['firefox-esr', 'webkit2gtk-driver', 'xvfb', 'xauth']
  if (!aptInstalled(packages) && !aptInstall(packages)) return `there is no apt-get that gives ${packages.join(', ')}`
  buildModules()
  buildAsm()
  await buildJs(join(root, 'build/engines'), modules, { asm: true })
  run(join(root, 'node_modules/.bin/vitest'), ['run', '--config', 'tests/engines/vitest.config.ts'], env)
}

// Clusters of two hosts: one with keepalived and 50 interruptions, one with Pacemaker and ten moves.
function network() {
  const { reason, env } = networkTools()
  if (reason) return reason
  npmPackages()
  run(join(root, 'node_modules/.bin/vitest'), ['run', '--config', 'tests/network/vitest.config.ts', 'cluster', 'pacemaker'], { ...env, FLEXIP_LONG: '1' })
}

// A million flexible IPs on disk, and in snapshots over the port.
function scale() {
  npmPackages()
  run(join(root, 'node_modules/.bin/vitest'), ['run', 'tests/server/scale.test.ts'], { FLEXIP_SCALE: '1000000' })
}

// The emulator on a port: Terraform with the Scaleway provider, where the provider can be had.
function terraformProvider() {
  const { reason, env } = terraform()
  if (reason) return reason
  npmPackages()
  run(join(root, 'node_modules/.bin/vitest'), ['run', '--config', 'tests/clients/terraform/vitest.config.ts'], env)
}

// The console as static files, each view in Firefox and in WebKitGTK. npm run test:full has it in Chromium.
function consoleInOtherEngines() {
  const { reason, env } = engines()
  if (reason) return reason
  npmPackages()
  buildConsole()
  run(join(root, 'node_modules/.bin/vitest'), ['run', '--config', 'tests/console/long/vitest.config.ts'], env)
}

await main(async () => {
  await runSteps(steps, process.argv.slice(2))
  printPkgDigest()
})
