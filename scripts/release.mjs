// npm run release: everything that comes before `npm publish`, and not that. It packs the tarball with all entries and
// checks it: its files one by one, its exports by publint, its types as each resolver finds them by attw, the licences,
// crates and sources of what is compiled in. The tarball has a notice of the licences and a bill of materials.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cargoDeny, denyCheap } from './deny.mjs'
import { pack, whyNotPublished } from './pack.mjs'
import { wrongFiles } from './packed-files.mjs'
import { checkPkg } from './pkg-check.mjs'
import { Stop, main, output, root, run } from './run.mjs'
import { npmPackages } from './setup.mjs'

await main(async () => {
  npmPackages()
  checkPkg()
  denyCheap()
  cargoDeny()
  const folder = join(root, 'build/release')
  mkdirSync(folder, { recursive: true })
  const tarball = await pack(folder, { asm: true })
  checkFiles(tarball)
  const bin = (name) => join(root, 'node_modules/.bin', name)
  run(bin('publint'), ['run', tarball, '--strict'])
  // node10 knows no exports of files that are no modules.
  run(bin('attw'), [tarball, '--exclude-entrypoints', 'flexip.wasm', 'emulator.wasm', 'openapi.json', '--no-emoji', '--no-color', '--format', 'ascii'])
  const reason = whyNotPublished(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  console.log(`\n${tarball} passed all checks. ${reason ? `It is marked as private and must not be published: ${reason}` : `To publish it: npm publish ${tarball}`}`)
})

function checkFiles(tarball) {
  const files = output('tar', ['tzf', tarball])?.split('\n').filter((file) => !file.endsWith('/')).map((file) => file.replace(/^package\//, ''))
  const wrong = wrongFiles(files ?? [], { asm: true })
  if (wrong.length > 0) throw new Stop(`The tarball has not the files that it should have:\n${wrong.join('\n')}`)
}
