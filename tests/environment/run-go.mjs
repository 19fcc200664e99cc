// What Scaleway's own loader makes of the cases: runs go/main.go, whose module pins scaleway-sdk-go.
//   node tests/environment/run-go.mjs           compares with go.json
//   node tests/environment/run-go.mjs --write   writes go.json
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cases } from './cases.mjs'

const folder = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const file = join(folder, 'go.json')

/** The least version that go/go.mod names. */
const goMin = 26

/** Why Go cannot be run here; `undefined` if it can. */
export function goMissing() {
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8' })
  const minor = status === 0 ? Number(/go1\.(\d+)/.exec(stdout)?.[1] ?? 0) : 0
  return minor >= goMin ? undefined : `there is no Go 1.${goMin}`
}

/** The text of go.json as Go makes it now. Throws with what Go wrote to stderr. */
export function runGo() {
  const { status, stdout, stderr } = spawnSync('go', ['run', '.'], { cwd: join(folder, 'go'), input: JSON.stringify(cases), encoding: 'utf8' })
  if (status !== 0) throw new Error(`go run failed: ${stderr}`)
  return stdout
}

/** The names of the cases whose result is not that of go.json. */
export function differences(text) {
  const byName = (json) => new Map(JSON.parse(json).map((result) => [result.name, JSON.stringify(result)]))
  const [now, then] = [byName(text), byName(readFileSync(file, 'utf8'))]
  return [...new Set([...now.keys(), ...then.keys()])].filter((name) => now.get(name) !== then.get(name))
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = runGo()
  if (process.argv.includes('--write')) writeFileSync(file, text)
  const different = differences(text)
  console.log(different.length === 0 ? `${cases.length} cases as in go.json` : `different: ${different.join('; ')}`)
  process.exitCode = different.length === 0 ? 0 : 1
}
