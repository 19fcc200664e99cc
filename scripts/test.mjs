// npm test [-- step…]: installs what is missing, then runs all steps or the named ones.
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { modules, modulesAsBuilt } from './build-rust.mjs'
import { printPkgDigest } from './digest.mjs'
import { checkPkg, staleInputs, verifyPkg } from './pkg-check.mjs'
import { main, output, root, run, Stop } from './run.mjs'
import { chromium, npmPackages, setup } from './setup.mjs'
import { runSteps } from './steps.mjs'
import { bindgenTool, hostToolchain, wasmToolchain } from './toolchain.mjs'

const recordedRuns = join(root, 'build/recorded-runs.json')
const bin = (name) => join(root, 'node_modules/.bin', name)

// Each step also sets up what it needs, so that it can run alone.
const steps = [
  ['setup', setup],
  ['fmt', formatting],
  ['locks', locks],
  ['clippy', clippy],
  ['clippy-wasm', clippyWasm],
  ['rust', rust],
  ['wasm-node', () => wasmTests()],
  ['wasm-browser', () => wasmTests({ WASM_BINDGEN_USE_BROWSER: '1', ...chromium() })],
  ['pkg', pkg],
  ['types', types],
  ['vitest', vitest],
]

function formatting() {
  const { cargo, env } = hostToolchain()
  if (!output(cargo, ['fmt', '--version'], env)) return 'this Rust has no rustfmt'
  run(cargo, ['fmt', '--all', '--check'], env)
}

// The packages outside the workspace have their own lock files, which a change of the crate's manifest makes stale.
// Their suites run late and with --locked, so that a stale file would be known only there.
function locks() {
  const { cargo, env } = hostToolchain()
  for (const manifest of ['Cargo.toml', 'fuzz/Cargo.toml', 'tests/web-page/Cargo.toml']) {
    run(cargo, ['update', '--workspace', '--locked', '--manifest-path', join(root, manifest)], env)
  }
}

function clippy() {
  const { cargo, env } = hostToolchain()
  if (!output(cargo, ['clippy', '--version'], env)) return 'this Rust has no clippy'
  run(cargo, ['clippy', '--all-targets', '--', '-D', 'warnings'], env)
}

function clippyWasm() {
  const { cargo, env, flags } = wasmToolchain()
  if (!output(cargo, ['clippy', '--version'], env)) return 'this Rust has no clippy'
  for (const module of [...modules, 'web']) {
    const features = ['--no-default-features', '--features', module]
    run(cargo, ['clippy', '--lib', ...features, ...flags, '--', '-D', 'warnings'], env)
  }
}

function rust() {
  const { cargo, env } = hostToolchain()
  // Writes the runs that it replays from the recordings; the tests of the port replay them over HTTP.
  mkdirSync(dirname(recordedRuns), { recursive: true })
  rmSync(recordedRuns, { force: true })
  run(cargo, ['test'], { ...env, FLEXIP_RUNS: recordedRuns })
}

function wasmTests(browser = {}) {
  const { cargo, env, flags } = wasmToolchain()
  const runner = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: bindgenTool('wasm-bindgen-test-runner') }
  const printed = run(cargo, ['test', '--features', 'web', '--test', 'wasm', '--test', 'web', ...flags], { ...env, ...runner, ...browser }, { stdout: 'pipe' })
  process.stdout.write(printed)
  // Node ends without a failure when a test's promise never settles, so the tests that passed are counted.
  const numbers = (line) => [...printed.matchAll(line)].map(([, number]) => Number(number))
  const sum = (list) => list.reduce((total, number) => total + number, 0)
  const [wanted, passed] = [numbers(/^running (\d+) tests?$/gm), numbers(/^test result: ok\. (\d+) passed/gm)]
  if (wanted.length !== 2 || sum(wanted) !== sum(passed)) throw new Stop(`${sum(passed)} of ${sum(wanted)} tests passed: the others did not end`)
}

// Builds pkg/ if the sources have changed, but not in CI, which checks what is committed. Then building again must
// give the same files.
async function pkg() {
  npmPackages()
  if (staleInputs().length > 0 && !process.env.CI) {
    const { build } = await import('./build.mjs')
    await build()
  }
  checkPkg()
  await verifyPkg()
}

function types() {
  npmPackages()
  modulesAsBuilt()
  run(bin('tsc'), ['--project', '.'])
  run(bin('tsc'), ['--project', 'js/server'])
  run(bin('tsc'), ['--project', 'tests/js'])
}

function vitest() {
  npmPackages()
  modulesAsBuilt()
  run(bin('vitest'), ['run'], chromium())
}

await main(async () => {
  await runSteps(steps, process.argv.slice(2))
  printPkgDigest()
})
