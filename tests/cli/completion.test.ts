// The completion scripts, loaded by their shells. bash must be there; zsh and fish are used where they are installed.
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../server/support/served.js'
import { flexip } from './support.js'

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0

async function script(shell: string): Promise<string> {
  const path = join(temporaryFolder(), `completion.${shell}`)
  writeFileSync(path, (await flexip(['completion', shell])).out)
  return path
}

/** The words before the cursor, and what must be offered. */
const cases: [string[], string[]][] = [
  [['f'], ['failover']],
  [['cr'], ['create']],
  [['mac', ''], ['generate', 'duplicate', 'move', 'rm']],
  [['mac', 'gen'], ['generate']],
  [['claim', 'web-1', '--wh'], ['--while']],
  [['mac', 'generate', '--type', ''], ['kvm', 'xen', 'vmware']],
  [['ls', '--zone', 'fr'], ['fr-par-1', 'fr-par-2']],
]

describe('flexip completion', () => {
  test.each(cases)('in bash offers for %j: %j', async (words, offered) => {
    const list = ['flexip', ...words].map((word) => `'${word}'`).join(' ')
    const out = execFileSync('bash', ['-c', `source ${await script('bash')}; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _flexip; echo "\${COMPREPLY[@]}"`]).toString()
    expect(out.trim().split(' ').filter((word) => !word.startsWith('--') || offered.includes(word))).toEqual(offered)
  })

  test.skipIf(!has('fish')).each(cases)('in fish offers for %j: %j', async (words, offered) => {
    const out = execFileSync('fish', ['-c', `source ${await script('fish')}; complete -C "flexip ${words.join(' ')}"`]).toString()
    expect(out.split('\n').map((line) => line.split('\t')[0])).toEqual(expect.arrayContaining(offered))
  })

  test.skipIf(!has('zsh'))('in zsh loads and offers', async () => {
    const path = await script('zsh')
    const out = execFileSync('zsh', ['-f', '-c', `autoload -U compinit && compinit -u -D; source ${path}; emulate ksh; COMP_WORDS=(flexip mac gen); COMP_CWORD=2; _flexip; print -- $COMPREPLY`]).toString()
    expect(out.trim()).toBe('generate')
  })
})
