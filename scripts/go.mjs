// Other people's programs in Go, built into build/go/ in the versions of the go.mod files of tests/clients/go/.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { output, root, run } from './run.mjs'

const folder = join(root, 'build/go')
const sources = join(root, 'tests/clients/go')

// Neither the symbols nor the state of the repository are needed, and both take time.
const flags = ['-buildvcs=false', '-ldflags=-s -w']

// The version that the go.mod of scw asks for.
const needed = [1, 26, 3]

/** The reason why the programs cannot be built here; undefined if they can. */
export function whyNoGo() {
  const version = /^go([\d.]+)/.exec(output('go', ['env', 'GOVERSION']) ?? '')?.[1]
  if (version === undefined) return 'there is no Go'
  const found = version.split('.').map(Number)
  const different = needed.findIndex((number, index) => (found[index] ?? 0) !== number)
  if (different >= 0 && (found[different] ?? 0) < needed[different]) return `the programs need Go ${needed.join('.')} or newer, and this is Go ${version}`
}

/** The reason why the modules of these folders are not here and cannot be had; undefined if they are here. */
export function whyNoModules(...folders) {
  const failed = folders.find((cwd) => spawnSync('go', ['mod', 'download'], { cwd: join(root, cwd) }).status !== 0)
  if (failed) return `the Go modules of ${failed} could not be downloaded`
}

/** Builds the session of the SDK. Returns the environment variables by which the tests find the programs. */
export function goSession() {
  mkdirSync(folder, { recursive: true })
  run('go', ['build', ...flags, '-o', join(folder, 'session'), '.'], {}, { cwd: sources })
  return { FLEXIP_GO: folder }
}

/** Builds the command scw as its authors do, in its own module, and the session of the SDK. */
export function goPrograms() {
  const session = goSession()
  const { Dir } = JSON.parse(run('go', ['mod', 'download', '-json', 'github.com/scaleway/scaleway-cli/v2'], {}, { stdout: 'pipe', cwd: join(sources, 'scw') }))
  run('go', ['build', ...flags, '-o', join(folder, 'scw'), './cmd/scw'], {}, { cwd: Dir })
  return session
}
