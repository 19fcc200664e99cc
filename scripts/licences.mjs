// The licences of what is compiled into the package: crates of the WebAssembly modules, and npm packages of the
// command, of flexip/node and of the console. `notice` is the text that the package ships.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Stop, output, root } from './run.mjs'
import { hostToolchain } from './toolchain.mjs'

/** The npm packages whose code is in a file of pkg/. */
export const bundled = ['commander', 'yaml']

/** The licences that code in the package may have: all allow its use in other works, with their text. */
const allowed = ['MIT', 'Apache-2.0', 'ISC', 'Unlicense', 'BSD-2-Clause', 'BSD-3-Clause', 'Zlib', 'Unicode-3.0', '0BSD', 'OFL-1.1']

/** The crates that the modules are compiled from, without those that run only while compiling. */
export function crates() {
  const { cargo, env } = hostToolchain()
  const found = output(cargo, ['metadata', '--format-version', '1', '--locked', '--filter-platform', 'wasm32-unknown-unknown'], env)
  if (!found) throw new Stop('cargo metadata failed.')
  const { packages, resolve } = JSON.parse(found)
  const byId = new Map(packages.map((crate) => [crate.id, crate]))
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]))
  const seen = new Set()
  const visit = (id) => {
    if (seen.has(id) || isMacro(byId.get(id))) return
    seen.add(id)
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) if (kinds.some(({ kind }) => kind === null)) visit(pkg)
  }
  visit(packages.find(({ name, source }) => name === 'flexip' && source === null).id)
  return [...seen].map((id) => byId.get(id)).filter(({ source }) => source !== null)
}

function isMacro({ targets }) {
  return targets.some(({ kind }) => kind.includes('proc-macro'))
}

/** Throws a `Stop` for code whose licence is not one of those that are allowed. */
export function checkLicence(name, expression) {
  if (!isAllowed(expression, allowed)) throw new Stop(`${name} has the licence ${expression ?? 'none'}, which is not one of ${allowed.join(', ')}.`)
}

/** Whether licences of a list satisfy an SPDX expression, in which `/` is an old way to write OR. */
export function isAllowed(expression, list) {
  const tokens = (expression ?? '').replaceAll('/', ' OR ').match(/[()]|[^\s()]+( WITH [^\s()]+)?/g) ?? []
  const either = () => {
    let satisfied = both()
    while (tokens[0] === 'OR') satisfied = take(both) || satisfied
    return satisfied
  }
  const both = () => {
    let satisfied = one()
    while (tokens[0] === 'AND') satisfied = take(one) && satisfied
    return satisfied
  }
  const one = () => {
    const token = tokens.shift()
    if (token !== '(') return list.includes(token)
    const satisfied = either()
    return tokens.shift() === ')' && satisfied
  }
  const take = (next) => {
    tokens.shift()
    return next()
  }
  return either() && tokens.length === 0
}

/** The npm packages that the static files of the console can contain: its dependencies, with theirs. */
export function consolePackages() {
  const seen = new Set()
  const visit = ({ dependencies = {} }) => {
    for (const name of Object.keys(dependencies)) {
      if (seen.has(name)) continue
      seen.add(name)
      visit(JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')))
    }
  }
  visit(JSON.parse(readFileSync(join(root, 'js/console/package.json'), 'utf8')))
  return [...seen]
}

/** The text that the package ships. */
export function notice() {
  const parts = crates().map(({ name, version, license, manifest_path: manifest }) => part(`the crate ${name} ${version}`, license, dirname(manifest)))
  for (const name of [...bundled, ...consolePackages()]) {
    const folder = join(root, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    parts.push(part(`the npm package ${name} ${version}`, license, folder))
  }
  return `flexip contains code of others, under their licences.\n\n${parts.sort().join('\n')}`
}

function part(name, licence, folder) {
  checkLicence(name, licence)
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|unlicense)/i.test(file) && existsSync(join(folder, file))).sort()
  if (files.length === 0) return `== ${name}: ${licence}\n`
  return `== ${name}: ${licence}\n\n${files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n')}\n`
}
