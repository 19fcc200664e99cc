// Finds the Rust toolchains: one for this machine, one for wasm32-unknown-unknown.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { aptInstall, aptInstalled } from './apt.mjs'
import { Stop, output, root, run } from './run.mjs'

const target = 'wasm32-unknown-unknown'
const needed = readFileSync(join(root, 'Cargo.toml'), 'utf8').match(/^rust-version = "(.*)"/m)[1]

// Debian has a current Rust for its browsers, with the sources of std, but without a compiled std for WebAssembly.
const debianPackages = ['rustc-web', 'cargo-web', 'rust-web-src', 'lld-22', 'gcc', 'libc6-dev']
const debianExtras = ['rust-web-clippy', 'rustfmt-web']

/** The toolchain for this machine. It is installed on a Debian that has none. */
export function hostToolchain() {
  const found = hostCargo() ?? (aptInstall([...debianPackages, ...debianExtras]) ? hostCargo() : undefined)
  if (found) return found
  throw new Stop(`flexip needs Rust ${needed} or newer. Install it from https://rustup.rs and run this again.`)
}

/**
 * The toolchain for WebAssembly. If there is none, one is installed.
 * `small` prefers the one that builds std from source, which makes the module about a fifth smaller.
 * `stable` allows only the one with a compiled std.
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

/** Compiles the programs of wasm-bindgen in the version of Cargo.lock, and returns the path of one of them. */
export function bindgenTool(name) {
  const { cargo, env } = hostToolchain()
  run(cargo, ['build', '--package', 'flexip-wasm-bindgen'], env)
  return join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', name)
}

function hostCargo() {
  if (isRecent('rustc')) return { cargo: 'cargo', env: {} }
  // The Rust in PATH may be too old while Debian's is new enough.
  if (isRecent('/usr/bin/rustc')) return { cargo: '/usr/bin/cargo', env: { RUSTC: '/usr/bin/rustc' } }
}

function stableToolchain() {
  const libraries = isRecent('rustc') && output('rustc', ['--print', 'target-libdir', '--target', target])
  if (!libraries || !existsSync(libraries) || !readdirSync(libraries).some((file) => file.startsWith('libstd-'))) return
  return {
    name: `${output('rustc', ['--version'])}, std as shipped`,
    cargo: 'cargo',
    env: wasmEnv(),
    flags: ['--target', target],
    releaseFlags: [],
    smallFlags: [],
    releaseEnv: rustflags(...remapPaths()),
  }
}

function debianToolchain() {
  if (!isRecent('/usr/bin/rustc') || !aptInstalled(debianPackages)) return
  return {
    name: `${output('/usr/bin/rustc', ['--version'])}, std from source, optimised for size`,
    cargo: '/usr/bin/cargo',
    env: {
      ...wasmEnv(),
      PATH: `/usr/bin:${process.env.PATH}`,
      RUSTC: '/usr/bin/rustc',
      // Building std is an unstable feature of cargo. This variable allows it on a stable compiler.
      RUSTC_BOOTSTRAP: '1',
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: 'wasm-ld-22',
    },
    flags: ['--target', target, '-Zbuild-std=std,panic_abort'],
    // Nothing in the crate panics, so the module needs neither the messages nor the locations of panics.
    releaseFlags: [
      '-Zbuild-std-features=optimize_for_size',
      '-Zpanic-immediate-abort',
      '--config',
      'profile.release.panic="immediate-abort"',
    ],
    // For size the compiler leaves this out: small functions are then put into their callers too late to be simplified.
    smallFlags: ['-Zinline-mir=yes'],
    releaseEnv: rustflags(...remapPaths(), '-Zlocation-detail=none'),
  }
}

// A separate target folder, so that the two compilers do not wait for each other's lock.
function wasmEnv() {
  return { CARGO_TARGET_DIR: join(root, 'target/wasm') }
}

// Keeps the paths of this machine out of the module, so that the build is the same in every folder.
function remapPaths() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo')
  return [`--remap-path-prefix=${cargoHome}=cargo`, `--remap-path-prefix=${root}=`]
}

// This form of RUSTFLAGS allows spaces in paths.
function rustflags(...flags) {
  return { CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') }
}

function isRecent(rustc) {
  const version = output(rustc, ['--version'])?.match(/^rustc (\d+)\.(\d+)/)
  if (!version) return false
  const [major, minor] = needed.split('.').map(Number)
  return Number(version[1]) > major || (Number(version[1]) === major && Number(version[2]) >= minor)
}
