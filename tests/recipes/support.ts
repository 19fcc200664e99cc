// The recipes of docs/guides/testing.md, each laid out as in a project of its own.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export const root = join(import.meta.dirname, '../..')

/** The code of the recipe for a tool: the block that is marked with the tool's name. */
export function recipe(tool: string): string {
  const guide = readFileSync(join(root, 'docs/guides/testing.md'), 'utf8')
  const [, code] = new RegExp(`^\`\`\`js ${tool}\\n([^]*?)^\`\`\`$`, 'm').exec(guide) ?? []
  if (code === undefined) throw new Error(`the guide has no recipe for ${tool}`)
  return code
}

/** A project that has flexip installed, and in it these files; it goes with the test. */
export function project(files: Record<string, string>): string {
  mkdirSync(join(root, 'build'), { recursive: true })
  const folder = mkdtempSync(join(root, 'build/recipe-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/flexip'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  copyFileSync(join(import.meta.dirname, 'order-ip.js'), join(folder, 'order-ip.js'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** What a recipe says that it prints. */
export function promised(code: string): string[] {
  return [...code.matchAll(/^ *\/\/ prints: (.*)$/gm)].map(([, line = '']) => line)
}
