// npm run release: everything that comes before `npm publish`, and not that. It packs the tarball with all entries and
// checks it: its exports by publint, its types as each resolver finds them by attw, its licences.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pack } from './pack.mjs'
import { checkPkg } from './pkg-check.mjs'
import { main, root, run } from './run.mjs'
import { npmPackages } from './setup.mjs'

await main(async () => {
  npmPackages()
  checkPkg()
  const folder = join(root, 'build/release')
  mkdirSync(folder, { recursive: true })
  const tarball = await pack(folder, { asm: true })
  const bin = (name) => join(root, 'node_modules/.bin', name)
  run(bin('publint'), ['run', tarball, '--strict'])
  // node10 knows no exports of files that are no modules.
  run(bin('attw'), [tarball, '--exclude-entrypoints', 'flexip.wasm', 'emulator.wasm', 'openapi.json', '--no-emoji', '--no-color', '--format', 'ascii'])
  console.log(`\n${tarball} is ready. To publish it: npm publish ${tarball}`)
})
