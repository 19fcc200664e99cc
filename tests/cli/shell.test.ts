// The shell of the command, with real processes.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { shell } from '../../js/cli/shell.js'

/** The processes whose arguments have this word. */
const running = (word: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      const parts = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return parts[0] === 'sleep' && parts.includes(word)
    } catch {
      return false
    }
  })

const files = () => readdirSync('/proc/self/fd').length

describe.skipIf(process.platform !== 'linux')('a command of the shell', () => {
  test.each(['timeout 600 sleep 71.%d && true', 'setsid -w sleep 71.%d && true', "sh -c 'setsid sh -c \"sleep 71.%d; true\" & wait' && true"])('%s is killed with its children, also those in other process groups', async (text) => {
    const word = `71.${process.pid}`
    const limit = new AbortController()
    const code = shell(text.replace('71.%d', word), limit.signal)
    await expect.poll(() => running(word), { timeout: 10_000 }).not.toEqual([])
    limit.abort()
    expect(await code).toBe(137)
    await expect.poll(() => running(word), { timeout: 10_000 }).toEqual([])
  })

  test('that leaves a child with its output open leaves no file of this process open', async () => {
    const word = `72.${process.pid}`
    const before = files()
    const signal = new AbortController().signal
    for (let run = 0; run < 5; run += 1) expect(await shell(`sleep ${word} & true`, signal)).toBe(0)
    await expect.poll(files, { timeout: 10_000 }).toBeLessThanOrEqual(before + 1)
    for (const pid of running(word)) process.kill(Number(pid), 'SIGKILL')
  })
})
