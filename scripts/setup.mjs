// npm run setup: installs what npm test needs. Each part installs only what is missing.
import { existsSync, lstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { aptInstall } from './apt.mjs'
import { Stop, main, output, root, run } from './run.mjs'
import { bindgenTool, hostToolchain, wasmToolchain } from './toolchain.mjs'

/** Installs node_modules as in package-lock.json. */
export function npmPackages() {
  // A link leads to the packages of another working tree, and npm ci would delete those.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return
  const installed = join(root, 'node_modules/.package-lock.json')
  const wanted = join(root, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return
  run('npm', ['ci', '--no-audit', '--no-fund'])
}

/** The environment variables by which the tests find Chromium and its driver. */
export function chromium() {
  const found = findChromium() ?? (aptInstall(['chromium', 'chromium-driver']) ? findChromium() : undefined)
  if (found) return found
  throw new Stop(
    'The browser tests need Chromium and its chromedriver, which were not found and could not be installed.\n' +
      'Install both, or give their paths: CHROME_PATH=… CHROMEDRIVER=… npm test',
  )
}

function findChromium() {
  const browser = firstWorking([process.env.CHROME_PATH, 'chromium', 'chromium-browser', 'google-chrome'])
  const driver = firstWorking([process.env.CHROMEDRIVER, 'chromedriver'])
  if (browser && driver) return { CHROME_PATH: browser, CHROMEDRIVER: driver }
}

// A browser prints its version; the placeholder that Ubuntu installs instead of it does not.
function firstWorking(programs) {
  const program = programs.find((name) => name && output(name, ['--version']))
  return program && output('sh', ['-c', 'command -v "$0"', program])
}

/** Installs everything that a test needs. */
export function setup() {
  npmPackages()
  hostToolchain()
  wasmToolchain()
  bindgenTool('wasm-bindgen')
  chromium()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(setup)
