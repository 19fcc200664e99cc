// Projects with the recipes of docs/guides/testing.md.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export const root = join(import.meta.dirname, '../..')

/** Returns the recipe for a tool: the code block that is marked with the name of the tool. */
export function recipe(tool: string): string {
  const guide = readFileSync(join(root, 'docs/guides/testing.md'), 'utf8')
  const [, code] = new RegExp(`^\`\`\`js ${tool}\\n([^]*?)^\`\`\`$`, 'm').exec(guide) ?? []
  if (code === undefined) throw new Error(`the guide has no recipe for ${tool}`)
  return code
}

/** Creates a project with these files and with flexip installed. It is deleted at the end of the test. Returns its path. */
export function createProject(files: Record<string, string>): string {
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

/** Returns the lines that a recipe prints, according to its comments `// prints: …`. */
export function expectedOutput(code: string): string[] {
  return [...code.matchAll(/^ *\/\/ prints: (.*)$/gm)].map(([, line = '']) => line)
}
