// npm run fuzz [-- target… [seconds=N] [runs=N]]: fuzzes the emulator with libFuzzer, guided by coverage.
//
// The coverage counters are an unstable flag of a stable compiler. There is no address sanitizer, because
// there is no unsafe code. The runtime of libFuzzer is C++.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { aptInstall } from './apt.mjs'
import { Stop, main, output, root, run } from './run.mjs'
import { hostToolchain } from './toolchain.mjs'

const targets = ['router', 'requests', 'snapshots', 'allocator']
const counters = ['-Cpasses=sancov-module', ...['level=4', 'inline-8bit-counters', 'pc-table'].map((flag) => `-Cllvm-args=-sanitizer-coverage-${flag}`)]

/** Builds the targets and runs each within the limits, which are libFuzzer flags. A finding is saved in `fuzz/artifacts/` and fails. */
export function fuzz(names = targets, limits = ['-max_total_time=20']) {
  const { cargo, env } = hostToolchain()
  if (!output('g++', ['--version']) && !aptInstall(['g++'])) throw new Stop("libFuzzer's runtime needs a C++ compiler: install g++")
  const triple = output(env.RUSTC ?? 'rustc', ['-vV'])?.match(/^host: (.*)$/m)?.[1]
  const flags = [...counters, '--cfg', 'fuzzing', '-Ccodegen-units=1'].join('\x1f')
  const build = ['build', '--release', '--locked', '--manifest-path', join(root, 'fuzz/Cargo.toml'), '--target-dir', join(root, 'target/fuzz'), '--target', triple]
  run(cargo, build, { ...env, RUSTC_BOOTSTRAP: '1', CARGO_ENCODED_RUSTFLAGS: flags })
  for (const name of names) {
    const corpus = join(root, 'fuzz/corpus', name)
    const artifacts = join(root, 'fuzz/artifacts', name)
    for (const folder of [corpus, artifacts]) mkdirSync(folder, { recursive: true })
    const options = ['-print_final_stats=1', '-verbosity=0', '-max_len=512', '-timeout=10', `-artifact_prefix=${artifacts}/`]
    run(join(root, 'target/fuzz', triple, 'release', name), [...options, ...limits, corpus])
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(() => {
    const limits = process.argv.slice(2).filter((argument) => argument.includes('='))
    const names = process.argv.slice(2).filter((argument) => !argument.includes('='))
    const unknown = names.find((name) => !targets.includes(name))
    if (unknown) throw new Stop(`There is no target ${unknown}. The targets are: ${targets.join(', ')}.`)
    const flags = limits.map((limit) => `-${limit.replace(/^seconds=/, 'max_total_time=')}`)
    fuzz(names.length > 0 ? names : undefined, flags.length > 0 ? flags : undefined)
  })
}
