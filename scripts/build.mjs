// npm run build [-- --js-only | --stable]
//   --js-only  bundle the facade with the modules in build/, without building Rust
//   --stable   use the stable compiler with its compiled std; the result is larger. For systems other than Debian.
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { buildJs } from './build-js.mjs'
import { buildModules, modules, modulesAsBuilt } from './build-rust.mjs'
import { jsInputs, outputs } from './digest.mjs'
import { main, root } from './run.mjs'

/** Builds everything into `out`, and returns the content of its digest.json. */
export async function build({ out = join(root, 'pkg'), jsOnly = false, stable = false } = {}) {
  const facade = jsInputs()
  const { toolchain, inputs } = jsOnly ? modulesAsBuilt() : buildModules({ stable })
  await buildJs(out, modules)
  const digest = { toolchain, inputs: { ...inputs, ...facade }, outputs: outputs(out) }
  writeFileSync(join(out, 'digest.json'), `${JSON.stringify(digest, null, 2)}\n`)
  return digest
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const { values } = parseArgs({ options: { 'js-only': { type: 'boolean' }, stable: { type: 'boolean' } } })
    const { outputs } = await build({ jsOnly: values['js-only'], stable: values.stable })
    console.log(`${relative('', join(root, 'pkg'))}/: ${Object.keys(outputs).join(', ')}`)
  })
}
