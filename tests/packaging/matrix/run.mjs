// node tests/packaging/matrix/run.mjs [--all] [--record] [--tarball FILE] [NAME…]: packs the tarball, or takes one that
// `npm run pack` made of the present tree, and for each consumer installs it in an empty project and runs the program.
// Prints a line for each, and fails at the end if one failed. With --record, the results are kept in
// docs/figures/packaging.json, from which tests/js/packaging-table.test.ts makes a table.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { circumstances, readFigures, writeFigures } from '../../../scripts/figures.mjs'
import { pack } from '../../../scripts/pack.mjs'
import { root } from '../../../scripts/run.mjs'
import { chromium } from '../../../scripts/setup.mjs'
import { core, further, notRun } from './consumers.mjs'
import { passed } from './program.mjs'

const { values: options, positionals: names } = parseArgs({ options: { all: { type: 'boolean' }, record: { type: 'boolean' }, tarball: { type: 'string' } }, allowPositionals: true })
const all = { ...core, ...further }
const unknown = names.filter((name) => !(name in all))
if (unknown.length > 0) throw new Error(`no such consumer: ${unknown.join(', ')}`)
const chosen = Object.entries(names.length > 0 || options.all ? all : core).filter(([name]) => names.length === 0 || names.includes(name))

const folder = mkdtempSync(join(tmpdir(), 'flexip-matrix-'))
const tarball = options.tarball ? resolve(options.tarball) : await pack(folder, { asm: chosen.some(([, { needsAsm }]) => needsAsm) })
const port = await servePort()
const browser = chosen.some(([, { needsBrowser }]) => needsBrowser) ? chromium() : {}
const results = {}
for (const [name, consumer] of chosen) {
  results[name] = runConsumer(name, consumer)
  if (options.record) writeFigures('packaging', { ...readFigures('packaging'), [name]: results[name] })
}
rmSync(folder, { recursive: true, force: true })
port.process.kill()
for (const [name, reason] of Object.entries(notRun)) console.log(`not run  ${name}: ${reason}`)
const failures = Object.values(results).filter(({ result }) => result !== 'passed')
console.log(`${chosen.length - failures.length} passed, ${failures.length} failed`)
if (failures.length > 0) process.exitCode = 1

/** Serves an emulator in another process: this one waits for the consumers. */
async function servePort() {
  const script = `import { serveEmulator } from './pkg/server.js'
const { url, emulator } = await serveEmulator({ seed: 1, timing: 'instant', serverLimit: 100_000 })
const { id } = emulator.addServer({ zone: 'fr-par-1' })
console.log(JSON.stringify({ FLEXIP_URL: url, FLEXIP_KEY: emulator.secretKey, FLEXIP_SERVER: id }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { process: child, env: JSON.parse(String(line)) }
}

function runConsumer(name, { packages, run }) {
  const start = Date.now()
  const project = join(folder, name.replace(/\W+/g, '-'))
  try {
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }))
    const wanted = Object.entries(packages).map(([alias, version]) => `${alias}@${version}`)
    execute(project, 'npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball, ...wanted])
    const lines = run(toolsOf(project)).map((line) => line.trim())
    const wrong = lines.filter((line) => line !== passed)
    if (wrong.length > 0 || lines.length === 0) throw new Error(`printed ${JSON.stringify(wrong)}`)
    console.log(`passed   ${name} (${seconds(start)} s)`)
    return { result: 'passed', ...circumstances(), versions: versionsIn(project, packages) }
  } catch (error) {
    console.log(`FAILED   ${name} (${seconds(start)} s)\n${error.message.slice(0, 4000)}`)
    return { result: 'failed', ...circumstances() }
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

/** Which versions of its packages a project has. */
function versionsIn(project, packages) {
  const installed = (alias) => JSON.parse(readFileSync(join(project, 'node_modules', alias, 'package.json'), 'utf8'))
  return Object.keys(packages).map((alias) => `${alias} ${installed(alias).version}`)
}

function seconds(start) {
  return ((Date.now() - start) / 1000).toFixed(1)
}

/** What the `run` of a consumer has. */
function toolsOf(project) {
  return {
    read: (file) => readFileSync(join(project, file), 'utf8'),
    write(file, text) {
      mkdirSync(dirname(join(project, file)), { recursive: true })
      writeFileSync(join(project, file), text)
    },
    /** Runs a program that has to succeed; returns what it printed. */
    exec: (program, ...args) => execute(project, program, args),
    /** Runs a program that has to fail; returns what it printed as errors. */
    fails(program, ...args) {
      const { status, stderr } = spawnSync(resolveProgram(project, program), args, { cwd: project, encoding: 'utf8' })
      if (status === 0) throw new Error(`${program} ${args.join(' ')} did not fail`)
      return stderr
    },
  }
}

function execute(project, program, args) {
  const env = { ...process.env, ...port.env, ...browser, NO_COLOR: '1', CI: '1', NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1', YARN_ENABLE_TELEMETRY: '0' }
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name]
  const { status, stdout, stderr, error } = spawnSync(resolveProgram(project, program), args, { cwd: project, encoding: 'utf8', env, timeout: 900_000 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ? String(error) : `${stdout}\n${stderr}`}`)
  return stdout
}

function resolveProgram(project, program) {
  if (program === 'node') return process.execPath
  return program.includes('/') ? join(project, program) : program
}
