import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { differences } from '../../scripts/digest.mjs'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import * as packing from '../../scripts/pack.mjs'

const { whyNotPublished } = packing as { whyNotPublished: (manifest: object) => string | undefined }

test('differences between two lists of sums are described in words', () => {
  expect(differences({ a: '1', b: '2', c: '3' }, { a: '1', b: '9', d: '4' })).toEqual([
    'b has changed',
    'c is gone',
    'd is new',
  ])
})

test('a package without the address of its public sources is not to be published', () => {
  expect(whyNotPublished({ repository: { type: 'git', url: 'git+https://git.example/flexip.git' } })).toBeUndefined()
  for (const manifest of [{}, { repository: {} }, { repository: { url: '' } }, { repository: { url: '/home/me/flexip' } }]) {
    expect(whyNotPublished(manifest), JSON.stringify(manifest)).toMatch(/^package\.json has no `repository`/)
  }
})

describe('the steps of npm test', () => {
  const steps = `[
    ['one', () => {}],
    ['two', () => 'no tool for it'],
    ['three', () => { throw new Stop('what to do') }],
    ['four', () => { console.log('four ran') }],
  ]`

  test('stop at the first failure, and the last line counts', () => {
    const { status, lines } = runSteps(steps, [])
    expect(status).toBe(1)
    expect(lines).toContain('what to do')
    expect(lines).not.toContain('four ran')
    expect(lines.at(-1)).toBe('1 passed, 1 failed')
  })

  test('can be chosen by name', () => {
    const { status, lines } = runSteps(steps, ['four', 'one'])
    expect(status).toBe(0)
    expect(lines.at(-1)).toBe('2 passed, 0 failed')
  })

  test('are listed when a name is none of them', () => {
    const { status, lines } = runSteps(steps, ['five'])
    expect(status).toBe(1)
    expect(lines.at(-1)).toBe('No such step: five. The steps are: one, two, three, four.')
  })
})

function runSteps(steps: string, names: string[]): { status: number | null; lines: string[] } {
  const program = `
    import { Stop, main } from './scripts/run.mjs'
    import { runSteps } from './scripts/steps.mjs'
    await main(() => runSteps(${steps}, ${JSON.stringify(names)}))`
  const shell = spawnSync('sh', ['-c', 'exec "$0" --input-type=module --eval "$1" 2>&1', process.execPath, program], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
  })
  return { status: shell.status, lines: shell.stdout.trim().split('\n') }
}
