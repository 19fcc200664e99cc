// Finds the Rust compilers: one for this machine, one for wasm32-unknown-unknown.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { aptInstall, aptInstalled } from './apt.mjs'
import { Stop, output, root, run } from './run.mjs'

const target = 'wasm32-unknown-unknown'
const needed = readFileSync(join(root, 'Cargo.toml'), 'utf8').match(/^rust-version = "(.*)"/m)[1]

// Debian keeps a current Rust for its browsers. It has no compiled std for WebAssembly, but the sources of std.
const debianPackages = ['rustc-web', 'cargo-web', 'rust-web-src', 'lld-22', 'gcc', 'libc6-dev']
const debianExtras = ['rust-web-clippy', 'rustfmt-web']

/** The cargo that builds for this machine; on a bare Debian it gets installed. */
export function hostToolchain() {
  const found = hostCargo() ?? (aptInstall([...debianPackages, ...debianExtras]) ? hostCargo() : undefined)
  if (found) return found
  throw new Stop(`flexip needs Rust ${needed} or newer. Install it from https://rustup.rs and run this again.`)
}

/**
 * The compiler for WebAssembly: what is there already, else what can be installed.
 * `small` prefers the one that can build std from source, which makes the module about a fifth smaller.
 */
export function wasmToolchain({ small = false, stable = false } = {}) {
  const [debian, installed] = [stable ? undefined : debianToolchain(), stableToolchain()]
  const found = small ? (debian ?? installed) : (installed ?? debian)
  if (found) return found
  if (!stable && aptInstall([...debianPackages, ...debianExtras]) && debianToolchain()) return debianToolchain()
  if (output('rustup', ['--version'])) run('rustup', ['target', 'add', target])
  const added = stableToolchain()
  if (added) return added
  throw new Stop(
    `No Rust compiler for ${target} was found, and none could be installed.\n` +
      `Install rustup from https://rustup.rs, then: rustup target add ${target}`,
  )
}

/** Compiles wasm-bindgen's programs, of the version that Cargo.lock pins, and gives the path of one of them. */
export function bindgenTool(name) {
  const { cargo, env } = hostToolchain()
  run(cargo, ['build', '--package', 'flexip-wasm-bindgen'], env)
  return join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', name)
}

function hostCargo() {
  if (recent('rustc')) return { cargo: 'cargo', env: {} }
  // A rustup in PATH that is too old must not hide Debian's compiler.
  if (recent('/usr/bin/rustc')) return { cargo: '/usr/bin/cargo', env: { RUSTC: '/usr/bin/rustc' } }
}

function stableToolchain() {
  const libraries = recent('rustc') && output('rustc', ['--print', 'target-libdir', '--target', target])
  if (!libraries || !existsSync(libraries) || !readdirSync(libraries).some((file) => file.startsWith('libstd-'))) return
  return {
    name: `${output('rustc', ['--version'])}, std as shipped`,
    cargo: 'cargo',
    env: wasmEnv(),
    flags: ['--target', target],
    releaseFlags: [],
    releaseEnv: rustflags(...remapPaths()),
  }
}

function debianToolchain() {
  if (!recent('/usr/bin/rustc') || !aptInstalled(debianPackages)) return
  return {
    name: `${output('/usr/bin/rustc', ['--version'])}, std from source, optimised for size`,
    cargo: '/usr/bin/cargo',
    env: {
      ...wasmEnv(),
      PATH: `/usr/bin:${process.env.PATH}`,
      RUSTC: '/usr/bin/rustc',
      // Building std is an unstable feature of cargo; this allows it on a stable compiler.
      RUSTC_BOOTSTRAP: '1',
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: 'wasm-ld-22',
    },
    flags: ['--target', target, '-Zbuild-std=std,panic_abort'],
    // Nothing in the crate panics: neither the texts nor the places of panics need be in the module.
    releaseFlags: [
      '-Zbuild-std-features=optimize_for_size',
      '-Zpanic-immediate-abort',
      '--config',
      'profile.release.panic="immediate-abort"',
    ],
    releaseEnv: rustflags(...remapPaths(), '-Zlocation-detail=none'),
  }
}

// Its own target folder, so that the two compilers never wait for each other's lock.
function wasmEnv() {
  return { CARGO_TARGET_DIR: join(root, 'target/wasm') }
}

// Keeps the paths of this machine out of the module, which also makes the build the same in every folder.
function remapPaths() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo')
  return [`--remap-path-prefix=${cargoHome}=cargo`, `--remap-path-prefix=${root}=`]
}

// This form of RUSTFLAGS allows for spaces in paths.
function rustflags(...flags) {
  return { CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') }
}

function recent(rustc) {
  const version = output(rustc, ['--version'])?.match(/^rustc (\d+)\.(\d+)/)
  if (!version) return false
  const [major, minor] = needed.split('.').map(Number)
  return Number(version[1]) > major || (Number(version[1]) === major && Number(version[2]) >= minor)
}
