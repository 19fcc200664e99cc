// Runs the programs in Go that scripts/go.mjs has built.
import { execFile } from 'node:child_process'
import { join } from 'node:path'

const folder = process.env.FLEXIP_GO
if (!folder) throw new Error('Run npm run test:full -- go: it builds the programs, and sets FLEXIP_GO to their folder.')

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** Runs a program, in an environment of `env` and the path alone. */
export function runGo(program: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 2 ** 26, env: { PATH: process.env.PATH ?? '', ...env } }
    execFile(join(folder as string, program), args, options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0
      resolve({ code, stdout, stderr })
    })
  })
}
