// Programs in the project's own Python.
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'

const python = process.env.FLEXIP_PYTHON
if (!python) throw new Error('Run npm run test:full -- clients: it says where Python is, in FLEXIP_PYTHON.')

/** Runs a program of the Python environment, and gives all that it said. */
export function runPython(program: string, args: string[], cwd?: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 2 ** 26, ...(cwd !== undefined && { cwd }) }
    execFile(join(dirname(python as string), program), args, options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0
      resolve({ code, said: stdout + stderr })
    })
  })
}
