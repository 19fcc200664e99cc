// Builds the page in Rust of tests/web-page/ into build/web-page/.
import { join } from 'node:path'
import { root, run } from './run.mjs'
import { bindgenTool, wasmToolchain } from './toolchain.mjs'

/** Builds the page. */
export function buildWebPage() {
  const { cargo, env, flags } = wasmToolchain()
  const manifest = join(root, 'tests/web-page/Cargo.toml')
  run(cargo, ['build', '--locked', '--manifest-path', manifest, ...flags], env)
  const wasm = join(env.CARGO_TARGET_DIR, 'wasm32-unknown-unknown/debug/flexip-web-page.wasm')
  run(bindgenTool('wasm-bindgen'), ['--target', 'web', '--no-typescript', '--out-dir', join(root, 'build/web-page'), '--out-name', 'page', wasm])
}
