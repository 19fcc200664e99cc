// The official SDK for MCP. It is an optional peer of the package, and is loaded only when it is needed.
import { Writable } from 'node:stream'
import { exitCodes } from '../exit-codes.js'
import { Stop } from '../stop.js'

/** The parts of the SDK that the server uses. */
export type Sdk = Pick<typeof import('@modelcontextprotocol/sdk/server/index.js'), 'Server'> &
  Pick<typeof import('@modelcontextprotocol/sdk/server/stdio.js'), 'StdioServerTransport'> &
  Pick<typeof import('@modelcontextprotocol/sdk/types.js'), 'CallToolRequestSchema' | 'ListToolsRequestSchema'>

/** Loads it. Throws a `Stop` that says how to install it if it is missing. */
export async function loadSdk(): Promise<Sdk> {
  try {
    const [{ Server }, { StdioServerTransport }, { CallToolRequestSchema, ListToolsRequestSchema }] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/index.js'),
      import('@modelcontextprotocol/sdk/server/stdio.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ])
    return { Server, StdioServerTransport, CallToolRequestSchema, ListToolsRequestSchema }
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Stop(exitCodes.arguments, 'the package @modelcontextprotocol/sdk is missing', 'Install it beside flexip: npm install @modelcontextprotocol/sdk', { cause: error })
  }
}

/** Serves on the standard input, and by `out` on the output, until the client closes them or the signal is aborted. `end` ends what is under way then: its results are still sent. */
export async function serveStdio({ StdioServerTransport }: Sdk, server: InstanceType<Sdk['Server']>, signal: AbortSignal, out: (text: string) => void, end: () => Promise<unknown>): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    // The SDK does not notice the end of the input.
    process.stdin.once('end', resolve)
    process.stdin.once('close', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const output = new Writable({
    write(part: Buffer, _, done) {
      out(part.toString())
      done()
    },
  })
  await server.connect(new StdioServerTransport(process.stdin, output))
  await ended
  await end()
  // The SDK sends a result some tasks after it is there.
  await new Promise((resolve) => setImmediate(resolve))
  await server.close()
}
