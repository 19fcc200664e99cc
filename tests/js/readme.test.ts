import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const guides = readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`)
const pages = ['README.md', ...guides.filter((name) => name.endsWith('.md'))]

// Inside the repository, so that the package's own name leads to it.
mkdirSync(join(root, 'build'), { recursive: true })
const folder = mkdtempSync(join(root, 'build/readme-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The ```js blocks of a page, each with the line it begins at. A block in a list is indented. */
function blocks(page: string) {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^( *)```js\n([^]*?)^\1```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    code: match[2] ?? '',
  }))
}

/** What a block says that it prints. */
function promised(code: string) {
  return [...code.matchAll(/^ *\/\/ prints: (.*)$/gm)].map((match) => match[1])
}

async function run(code: string, name: string) {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, code)
  const { stdout } = await promisify(execFile)(process.execPath, [file])
  return stdout.split('\n').slice(0, -1)
}

describe.each(pages)('every example of %s', (page) => {
  const examples = blocks(page)

  test.each(examples)('at line $line runs and prints what it says', async ({ line, code }) => {
    expect(await run(code, `${page.replaceAll('/', '-')}-${line}`)).toEqual(promised(code))
  })
})

test('README.md has examples', () => {
  expect(blocks('README.md').length).toBeGreaterThan(1)
})
