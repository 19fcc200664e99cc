// Runs commands for the tools of the MCP server, and collects what they print with --json.
import type { Io } from '../io.js'

/** Runs the command of some arguments. It is passed in, because the program has the MCP server too. */
export type RunCommand = (args: readonly string[], io: Io) => Promise<number>

/** How a command ended. */
export interface Ended {
  exitCode: number
  /** The objects of the standard output. */
  objects: unknown[]
  /** Those of the standard error: failures and warnings. */
  messages: unknown[]
}

/** The commands as tools run them. */
export class Commands {
  readonly #io: Io
  readonly #run: RunCommand
  readonly #common: readonly string[]

  /** `common` are the options of every command: which API, which key. */
  constructor(io: Io, run: RunCommand, common: readonly string[]) {
    this.#io = io
    this.#run = run
    this.#common = common
  }

  /** Runs a command until it ends. An abort ends it as ctrl-C does: it says what is where. */
  async run([name = '', ...others]: readonly string[], signal: AbortSignal): Promise<Ended> {
    let out = ''
    let err = ''
    const own: Partial<Io> = {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      outIsTerminal: false,
      errIsTerminal: false,
      columns: Infinity,
      readInput: () => Promise.resolve(''),
      ask: () => Promise.resolve(undefined),
      exit: () => undefined,
      onSignal: (listener) => {
        const abort = () => listener('SIGINT')
        signal.addEventListener('abort', abort)
        if (signal.aborted) abort()
        return () => signal.removeEventListener('abort', abort)
      },
    }
    // To assign would call the setters of the process.
    const io = Object.create(this.#io, Object.getOwnPropertyDescriptors(own)) as Io
    const words = name === 'mac' ? [others[0] ?? ''] : []
    const exitCode = await this.#run([name, ...words, '--json', ...this.#common, ...others.slice(words.length)], io)
    return { exitCode, objects: objectsOf(out), messages: objectsOf(err) }
  }
}

/** The lines of an output: objects, and texts of the parser of arguments, which knows no JSON. */
function objectsOf(text: string): unknown[] {
  return text.split('\n').filter(Boolean).map((line) => {
    try {
      return JSON.parse(line) as unknown
    } catch {
      return line
    }
  })
}
