// What a command needs of its surroundings, so that a test can replace it.
import { createInterface } from 'node:readline'
import { isatty } from 'node:tty'
import type { Fetch } from '../index.js'
import { Secrets } from './secrets.js'
import { shell } from './shell.js'
import type { StopSignal } from './stop.js'

/** The surroundings of a command. */
export interface Io {
  env: Record<string, string | undefined>
  /** What no output may repeat. */
  secrets: Secrets
  /** Writes to the standard output, and to the standard error. */
  out(text: string): void
  err(text: string): void
  /** Whether the standard output, or the standard error, is a terminal, and its columns. */
  outIsTerminal: boolean
  errIsTerminal: boolean
  columns: number
  /** The lines of the standard input, all of it. */
  readInput(): Promise<string>
  /** Asks on the terminal, and returns the answer; `undefined` if there is no terminal to ask on. */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>
  /** Calls back for the signals that end a command. Returns the function that ends it. */
  onSignal(listener: (signal: StopSignal) => void): () => void
  /** Ends the process at once. */
  exit(code: number): void
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Runs a command of the shell and returns its exit code; 128 and the number of the signal if one ended it, as shells do. Rejects if it cannot be started. `say` gets the lines that it prints, up to a limit. */
  shell(command: string, signal: AbortSignal, env?: Record<string, string>, say?: (line: string) => void): Promise<number>
  fetch: Fetch
}

/** The surroundings of this process. */
export function processIo(): Io {
  return {
    env: process.env,
    secrets: new Secrets(process.env),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY,
    errIsTerminal: process.stderr.isTTY,
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns || 80 : process.stderr.isTTY ? process.stderr.columns || 80 : Infinity
    },
    readInput,
    ask,
    onSignal,
    exit: endProcess,
    now: () => performance.now(),
    sleep,
    shell,
    fetch: (url, init) => fetch(url, init as RequestInit),
  }
}

async function readInput(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  // When the terminal is closed, it can neither be read nor be set back. Without a listener, that would end the process.
  process.stdin.on('error', () => undefined)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await new Promise<string>((resolve) => {
      lines.on('error', () => resolve(''))
      // Ctrl-C and the end of the input are no answer. In this mode, Ctrl-C does not raise a signal.
      lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
      lines.once('close', () => resolve(''))
      lines.question(question, { signal }, resolve)
      signal.addEventListener('abort', () => resolve(''), { once: true })
    })
  } finally {
    lines.close()
  }
}

/** At its start, Node ends what nohup has set: SIGHUP cannot be known to be ignored. */
const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The standard input and outputs that are a terminal at the start. */
const terminals = [0, 1, 2].filter((file) => isatty(file))

/**
 * Ends this process. Node aborts when it exits after its terminal was closed, because it cannot reset that. Then it
 * ends by SIGHUP, which may not have come yet, and which a shell shows as 129.
 */
export function endProcess(code: number): void {
  if (terminals.some((file) => !isatty(file))) {
    process.removeAllListeners('SIGHUP')
    process.kill(process.pid, 'SIGHUP')
  } else process.exit(code)
}

function onSignal(listener: (signal: StopSignal) => void): () => void {
  for (const signal of stopSignals) process.on(signal, listener)
  return () => stopSignals.forEach((signal) => process.off(signal, listener))
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
