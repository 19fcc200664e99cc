// The examples of docs/guides/command.md, run in their order. UPDATE=1 writes what they print into the page.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exampleSettings, fillExample } from '../../js/cli/example-world.js'
import { exitCodes } from '../../js/cli/exit-codes.js'
import { run } from '../../js/cli/program.js'
import { world, testIo } from './support.js'

const page = join(import.meta.dirname, '../../docs/guides/command.md')
const text = readFileSync(page, 'utf8')

test('every example prints what the guide says', async () => {
  const { url, emulator } = await world(exampleSettings)
  await fillExample(emulator, 'instant')
  const folder = mkdtempSync(join(tmpdir(), 'flexip-guide-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'topology.yaml'), /```yaml\n([^]*?)```/.exec(text)?.[1] ?? '')
  /** What a command prints on both streams, and its exit code if it is not 0. */
  const printed = async (line: string) => {
    let output = ''
    const write = (part: string) => void (output += part)
    const args = (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", '')).map((word) => (/\.(yaml|json)$/.test(word) ? join(folder, word) : word))
    const shell = (command: string) => Promise.resolve(command === 'true' ? 0 : 1)
    const code = await run(args.includes('--emulator') ? args : [...args, `--emulator=${url}`], testIo({ out: write, err: write, shell, columns: 120 }))
    return `${output}${code === 0 ? '' : `# ends with ${code}\n`}`
  }
  let result = ''
  let end = 0
  for (const match of text.matchAll(/```console\n([^]*?)```/g)) {
    let block = ''
    for (const [, line = ''] of (match[1] ?? '').matchAll(/^\$ flexip (.*)$/gm)) block += `$ flexip ${line}\n${await printed(line)}`
    result += `${text.slice(end, match.index)}\`\`\`console\n${block}\`\`\``
    end = match.index + match[0].length
  }
  result += text.slice(end)
  // Times of the day differ from run to run, and so do those of the table's rows below.
  if (process.env.UPDATE) writeFileSync(page, result)
  expect(withoutTimes(text)).toBe(withoutTimes(process.env.UPDATE ? text : result))
})

const withoutTimes = (output: string) => output.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')

test('the guide has every exit code', () => {
  const rows = [...text.matchAll(/^\| (\d+) \| `(\w+)` \| ./gm)].map(([, code, name]) => [name, Number(code)])
  expect(Object.fromEntries(rows)).toEqual(exitCodes)
})

test('the guide names every command and every option that is not in an example', async () => {
  const io = testIo()
  await run(['--help'], io)
  const commands = [...io.printed.out.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
  expect(commands.length).toBeGreaterThan(14)
  expect(commands.filter((name) => !text.includes(`flexip ${name}`) && !text.includes(`\`${name}\``))).toEqual([])
})
