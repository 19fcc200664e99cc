// Commands of the shell: --while, checks, and what the resource agent runs.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { constants } from 'node:os'
import { sayLines } from './lines.js'

/** How long the output of a command may outlast it, in milliseconds: a child in the background can hold it open. */
const outputMs = 100

/** Runs a command as `Io.shell` says. */
export function shell(command: string, signal: AbortSignal, env?: Record<string, string>, say: (line: string) => void = () => undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    // The own process group lets an abort end the children of the shell too.
    const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    const stop = () => killTree(child)
    signal.addEventListener('abort', stop, { once: true })
    const end = (work: () => void) => {
      signal.removeEventListener('abort', stop)
      // What still holds the output must not hold a file of this process. Without files Node starts nothing, and there are no streams.
      child.stdout?.destroy()
      child.stderr?.destroy()
      work()
    }
    // Such as too many open files or processes. Node can say it before or after this.
    child.once('error', (error) => end(() => reject(error)))
    if (child.stdout && child.stderr) sayLines([child.stdout, child.stderr], say)
    child.once('close', (code, signal) => end(() => resolve(codeOf(code, signal))))
    child.once('exit', (code, signal) => setTimeout(() => end(() => resolve(codeOf(code, signal))), outputMs))
    if (signal.aborted) stop()
  })
}

/** The exit code, with that of a shell for a signal. */
function codeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

/** Kills the process group of the shell, and its descendants in other groups, which `timeout` and `setsid` make. */
function killTree({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined) return
  const descendants = exitCode === null && signalCode === null ? descendantsOf(pid) : []
  for (const target of [-pid, ...descendants]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
}

/** The processes below this one. Empty where there is no /proc. */
function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const [pid, parent] of parents()) children.set(parent, [...(children.get(parent) ?? []), pid])
  const found: number[] = []
  for (let level = children.get(root) ?? []; level.length > 0; level = level.flatMap((pid) => children.get(pid) ?? [])) found.push(...level)
  return found
}

/** Each process with its parent. */
function parents(): [number, number][] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
      const parent = parentOf(name)
      return parent === undefined ? [] : [[Number(name), parent] as [number, number]]
    })
  } catch {
    // Not every system has /proc. There the process group is all that is known.
    return []
  }
}

function parentOf(pid: string): number | undefined {
  try {
    const [, parent] = /^.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return parent === undefined ? undefined : Number(parent)
  } catch {
    // It has ended since the folder was read.
    return undefined
  }
}
