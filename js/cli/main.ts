// npx flexip: the commands.
import { processIo } from './io.js'
import { run } from './program.js'

// A reader such as `head` that has enough closes the pipe: that is no failure. The command goes on without it, since one
// that moves flexible IPs must not end between the detach and the attach.
let hasLostOutput = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => (hasLostOutput ||= error.code !== 'EPIPE'))
process.stderr.on('error', () => undefined)

const exitCode = (await run(process.argv.slice(2), processIo())) || Number(hasLostOutput)
// What was written reaches a pipe before the process ends. Open connections do not keep it.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
