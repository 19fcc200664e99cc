// Runs the examples of the README and the guides, and checks the links of all documents.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const pagesIn = (folder: string) => readdirSync(join(root, folder)).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : []))
const pagesWithExamples = ['README.md', ...pagesIn('docs/guides')]
const pages = [...pagesIn('.'), ...pagesIn('docs'), ...pagesIn('docs/guides'), ...pagesIn('docs/decisions')]

// The folder is inside the repository, so that `import 'flexip'` resolves to this package.
mkdirSync(join(root, 'build'), { recursive: true })
const folder = mkdtempSync(join(root, 'build/readme-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

/** The ```js blocks of a page, each with the number of its first line. A block in a list is indented. */
function examplesOf(page: string) {
  const text = read(page)
  return [...text.matchAll(/^( *)```js\n([^]*?)^\1```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    code: match[2] ?? '',
  }))
}

/** The lines that an example says it prints. */
function promisedOutput(code: string) {
  return [...code.matchAll(/^ *\/\/ prints: (.*)$/gm)].map((match) => match[1])
}

/** Runs code in Node and gives the lines that it prints. */
async function outputOf(code: string, name: string) {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, code)
  const { stdout } = await promisify(execFile)(process.execPath, [file])
  return stdout.split('\n').slice(0, -1)
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string) {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'),
  )
}

/** The links of a page to files or headings that do not exist. */
function brokenLinksOf(page: string) {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
  return links.flatMap(([link, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, target))) return [link]
    return anchor === undefined || anchorsOf(target).includes(anchor) ? [] : [link]
  })
}

describe.each(pagesWithExamples.filter((page) => examplesOf(page).length > 0))('every example of %s', (page) => {
  test.each(examplesOf(page))('at line $line runs and prints what it says', async ({ line, code }) => {
    expect(await outputOf(code, `${page.replaceAll('/', '-')}-${line}`)).toEqual(promisedOutput(code))
  })
})

test('README.md has examples', () => {
  expect(examplesOf('README.md').length).toBeGreaterThan(1)
})

test.each(pages)('every link of %s leads to a file and a heading that exist', (page) => {
  expect(brokenLinksOf(page)).toEqual([])
})

test.each(pagesIn('docs/decisions'))('%s has at most 20 lines', (page) => {
  expect(read(page).trimEnd().split('\n').length).toBeLessThanOrEqual(20)
})
