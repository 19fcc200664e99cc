// The bill of materials of the package, in CycloneDX: what npm says of the packages whose code is in it, and the crates
// that its modules are compiled from. It has no time and no serial number, so that the same sources give the same file.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundled, consolePackages, crates } from './licences.mjs'
import { Stop, output, root } from './run.mjs'

export function sbom() {
  const text = output('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'])
  if (!text) throw new Stop('npm sbom failed.')
  const { $schema, bomFormat, specVersion, version, metadata, components } = JSON.parse(text)
  const { description, purl, licenses } = metadata.component
  const own = { 'bom-ref': 'flexip', type: 'library', name: 'flexip', version: purl.split('@').at(-1), description, purl, licenses }
  const all = [...npmComponents(components), ...crateComponents()]
  return { $schema, bomFormat, specVersion, version, metadata: { component: own }, components: all, dependencies: [{ ref: 'flexip', dependsOn: all.map((component) => component['bom-ref']) }] }
}

function npmComponents(components) {
  return [...new Set([...bundled, ...consolePackages()])].sort().map((name) => {
    const installed = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
    const component = components.find(({ purl }) => purl === `pkg:npm/${name.replace('@', '%40')}@${installed}`)
    if (!component) throw new Stop(`npm sbom does not name ${name} ${installed}.`)
    // What npm uses it for here, development or another project's need, is no property of the package.
    return { ...component, scope: 'required', properties: [] }
  })
}

function crateComponents() {
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8')
  return crates().sort((one, other) => (one.id < other.id ? -1 : 1)).map(({ name, version, license, description }) => {
    const [, checksum] = new RegExp(`name = "${name}"\\nversion = "${version.replace(/\+/g, '\\+')}"\\nsource = [^\\n]*\\nchecksum = "(\\w+)"`).exec(lock) ?? []
    if (!checksum) throw new Stop(`Cargo.lock has no checksum of ${name} ${version}.`)
    return {
      'bom-ref': `crate:${name}@${version}`,
      type: 'library',
      name,
      version,
      scope: 'required',
      description: description?.trim(),
      purl: `pkg:cargo/${name}@${version}`,
      hashes: [{ alg: 'SHA-256', content: checksum }],
      licenses: [{ expression: license.replace(/\s*\/\s*/g, ' OR ') }],
    }
  })
}
