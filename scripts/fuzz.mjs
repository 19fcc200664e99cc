// npm run fuzz [-- target… [seconds=N] [runs=N]]: the emulator under libFuzzer, guided by coverage.
//
// The sanitizer's counters are an unstable flag of a stable compiler; there is no address sanitizer, for
// there is no unsafe code. libFuzzer's own runtime is C++.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { aptInstall } from './apt.mjs'
import { Stop, main, output, root, run } from './run.mjs'
import { hostToolchain } from './toolchain.mjs'

const targets = ['router', 'requests', 'snapshots']
const counters = ['-Cpasses=sancov-module', ...['level=4', 'inline-8bit-counters', 'pc-table'].map((flag) => `-Cllvm-args=-sanitizer-coverage-${flag}`)]

/** Builds the targets and runs each of them for so long, or so often. What they find is kept in `fuzz/`, and fails. */
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
    const how = ['-print_final_stats=1', '-verbosity=0', '-max_len=512', '-timeout=10', `-artifact_prefix=${artifacts}/`]
    run(join(root, 'target/fuzz', triple, 'release', name), [...how, ...limits, corpus])
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(() => {
    const limits = process.argv.slice(2).filter((argument) => argument.includes('='))
    const names = process.argv.slice(2).filter((argument) => !argument.includes('='))
    const unknown = names.find((name) => !targets.includes(name))
    if (unknown) throw new Stop(`there is no target ${unknown}; there are ${targets.join(', ')}`)
    const flags = limits.map((limit) => `-${limit.replace(/^seconds=/, 'max_total_time=')}`)
    fuzz(names.length > 0 ? names : undefined, flags.length > 0 ? flags : undefined)
  })
}
