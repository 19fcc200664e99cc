// llms.txt, which the package has for language models. UPDATE=1 writes it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { llmsText } from '../../scripts/llms.mjs'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { filesOutsidePkg } from '../../scripts/pack.mjs'

const root = join(import.meta.dirname, '../..')
const file = join(root, 'llms.txt')
const text = (llmsText as () => string)()
if (process.env.UPDATE) writeFileSync(file, text)

test('llms.txt is what the README and the guides say now', () => {
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('it has a title, a summary, and each guide', () => {
  expect(text).toMatch(/^# flexip\n\n> A TypeScript client of /)
  const guides = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/docs\/guides\/[\w-]+\.md/g)].map(String)
  expect(guides.length).toBeGreaterThan(10)
  for (const guide of new Set(guides)) expect(text).toContain(`](${guide}): `)
})

test('its links lead to files of the package', () => {
  const links = [...text.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, path = '']) => path)
  const packed = new Set<string>((filesOutsidePkg as () => string[])())
  expect(links.length).toBeGreaterThan(15)
  expect(links.filter((path) => !packed.has(path) && !(path.startsWith('pkg/') && existsSync(join(root, path))))).toEqual([])
})
