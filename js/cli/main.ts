// npx flexip: the commands.
import { processIo } from './io.js'
import { run } from './program.js'

// A reader such as `head` that has enough closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const exitCode = await run(process.argv.slice(2), processIo())
// What was written reaches a pipe before the process ends. Open connections do not keep it.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
