// The figures of the last `npm run size` and `npm run bench`, as JSON in docs/figures/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pkgDigest, readJson } from './digest.mjs'
import { root } from './run.mjs'

const fileOf = (name) => join(root, 'docs/figures', `${name}.json`)

/** The content of docs/figures/<name>.json, or undefined. */
export function readFigures(name) {
  return readJson(fileOf(name))
}

/** Writes docs/figures/<name>.json. */
export function writeFigures(name, figures) {
  mkdirSync(join(root, 'docs/figures'), { recursive: true })
  writeFileSync(fileOf(name), `${JSON.stringify(figures, null, 2)}\n`)
  console.log(`\nwritten to docs/figures/${name}.json`)
}

/** When and with what figures are measured. */
export function circumstances() {
  return { date: new Date().toISOString().slice(0, 10), node: process.versions.node, pkg: pkgDigest() }
}
