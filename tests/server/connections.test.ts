// Many connections at once: FLEXIP_CONNECTIONS of them, 10,000 in npm run test:full.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { send } from './support/http.js'
import { type Ready, cli } from './support/served.js'

const many = Number(process.env.FLEXIP_CONNECTIONS ?? 500)

/** Starts an emulator with a limit on its open files. */
async function startWithOpenFiles(limit: string): Promise<Ready & { child: ChildProcess }> {
  const child = spawn('sh', ['-c', `ulimit -n ${limit} && exec "$0" "$@"`, process.execPath, cli, 'emulator', '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { ...(JSON.parse(line) as Ready), child }
}

/** How long a connection waits for others to close, in milliseconds. Node cannot refuse one if its last file is taken. */
const waitMs = 10_000

/** Sends a request on a new connection, which stays open until `all` resolves. */
function request(url: string, secretKey: string, all: Promise<void>): Promise<'served' | 'refused' | 'waiting'> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    socket.write(`GET /flexible-ip/v1alpha1/zones/fr-par-1/fips HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: ${secretKey}\r\n\r\n`)
    socket.once('data', (part) => resolve(part.toString().startsWith('HTTP/1.1 200') ? 'served' : 'refused'))
    socket.on('error', () => resolve('refused'))
    socket.once('close', () => resolve('refused'))
    socket.setTimeout(waitMs, () => resolve('waiting'))
    void all.then(() => socket.destroy())
  })
}

test.each<[string, string, string]>([
  ['an emulator whose limit of open files is high enough', '$(ulimit -Hn)', 'all'],
  ['an emulator that may open 200 files', '200', 'some'],
])(`${many} connections at once to %s are served, refused or left waiting, and the emulator continues`, async (_, limit, expected) => {
  const { url, secretKey, child } = await startWithOpenFiles(limit)
  let closeAll = (): void => {}
  const all = new Promise<void>((resolve) => (closeAll = resolve))
  const outcomes = await Promise.all(Array.from({ length: many }, () => request(url, secretKey, all)))
  closeAll()
  const served = outcomes.filter((outcome) => outcome === 'served').length
  const waiting = outcomes.filter((outcome) => outcome === 'waiting').length
  console.log(`${served} of ${many} served, ${many - served - waiting} refused, ${waiting} left waiting`)
  if (expected === 'all') expect(served).toBe(many)
  else expect(served).toBeGreaterThan(0)
  let after: { status: number } | undefined
  while (!after) after = await send(`${url}/_emulator/health`, { agent: false }).catch(() => undefined)
  expect([after.status, child.exitCode]).toEqual([200, null])
})
