// The crates as they would be published, and their documentation.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Stop, root, run } from './run.mjs'
import { hostToolchain, wasmToolchain } from './toolchain.mjs'

/** Packs and compiles every crate of the workspace. No published manifest pins wasm-bindgen: a front-end has its own. */
export function packCrates() {
  const { cargo, env } = hostToolchain()
  run(cargo, ['package', '--workspace', '--allow-dirty'], env)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folder = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'package', `flexip-${version}`)
  const manifest = readFileSync(join(folder, 'Cargo.toml'), 'utf8')
  const pin = manifest.match(/^version = "=.*$/m)
  if (pin) throw new Stop(`the published manifest of flexip pins a dependency: ${pin[0]}`)
  if (!manifest.includes('target_arch = "wasm32"')) throw new Stop(`${folder} has no dependencies for WebAssembly`)
}

/** The documentation of the client for front-ends in Rust, without a warning. */
export function documentWeb() {
  const { cargo, env, flags } = wasmToolchain()
  const features = ['--no-default-features', '--features', 'web']
  run(cargo, ['doc', '--lib', '--no-deps', ...features, ...flags], { ...env, RUSTDOCFLAGS: '-D warnings' })
}
