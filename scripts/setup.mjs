// npm run setup: makes a fresh machine ready for npm test. Each part looks first and installs only what is missing.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { aptInstall } from './apt.mjs'
import { Stop, main, output, root, run } from './run.mjs'
import { bindgenTool, hostToolchain, wasmToolchain } from './toolchain.mjs'

/** node_modules as package-lock.json says. */
export function npmPackages() {
  const installed = join(root, 'node_modules/.package-lock.json')
  const wanted = join(root, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return
  run('npm', ['ci', '--no-audit', '--no-fund'])
}

/** The environment by which the tests find Chromium and its driver. */
export function chromium() {
  const found = findChromium() ?? (aptInstall(['chromium', 'chromium-driver']) ? findChromium() : undefined)
  if (found) return found
  throw new Stop(
    'The browser tests need Chromium and its chromedriver, which were not found and could not be installed.\n' +
      'Install both, or say where they are: CHROME_PATH=… CHROMEDRIVER=… npm test',
  )
}

function findChromium() {
  const browser = firstWorking([process.env.CHROME_PATH, 'chromium', 'chromium-browser', 'google-chrome'])
  const driver = firstWorking([process.env.CHROMEDRIVER, 'chromedriver'])
  if (browser && driver) return { CHROME_PATH: browser, CHROMEDRIVER: driver }
}

// Asking for the version also tells a browser from the stub that Ubuntu installs in its place.
function firstWorking(programs) {
  const program = programs.find((name) => name && output(name, ['--version']))
  return program && output('sh', ['-c', 'command -v "$0"', program])
}

/** Everything that any of the tests needs. */
export function setup() {
  npmPackages()
  hostToolchain()
  wasmToolchain()
  bindgenTool('wasm-bindgen')
  chromium()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(setup)
