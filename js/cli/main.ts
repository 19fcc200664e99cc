// npx flexip: the commands.
import { endProcess, processIo } from './io.js'
import { run } from './program.js'

// A reader such as `head` that has enough closes the pipe: that is no failure. The command goes on without it, since one
// that moves flexible IPs must not end between the detach and the attach.
let lost: NodeJS.ErrnoException | undefined
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') lost ??= error
})
process.stderr.on('error', () => undefined)

const exitCode = await run(process.argv.slice(2), processIo())
// What was written reaches a pipe, and what could not be written is known, before the process ends. Open connections do not keep it.
const end = () => {
  if (lost) process.stderr.write(`error: the output could not be written: ${lost.message}\n`)
  process.stderr.write('', () => endProcess(exitCode || Number(lost !== undefined)))
}
// The event of an error comes after this callback.
process.stdout.write('', () => setImmediate(end))
