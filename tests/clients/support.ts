// Runs programs of the Python environment of this repository.
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'

const python = process.env.FLEXIP_PYTHON
if (!python) throw new Error('Run npm run test:full -- clients: it sets FLEXIP_PYTHON to the path of Python.')

/** Runs a program. Resolves with its exit code and its output, of stdout and stderr. */
export function runPython(program: string, args: string[], cwd?: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 2 ** 26, ...(cwd !== undefined && { cwd }) }
    execFile(join(dirname(python as string), program), args, options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0
      resolve({ code, output: stdout + stderr })
    })
  })
}
