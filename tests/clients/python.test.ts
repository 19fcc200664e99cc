// The official Python SDKs, unchanged, against the emulator on a port.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { start } from '../server/support/served.js'
import { Answers } from './answers.js'
import { runPython } from './support.js'

test.each(['scaleway', 'scaleway_async'])('%s works with the emulator: all operations and the waiter', async (sdk) => {
  const { url, secretKey, projectId, servers } = await start('--clock', 'manual', '--timing', '{"attach":60000}', '--server', 'fr-par-1/web-1')
  const [server] = servers
  const { code, output } = await runPython('python', [join(import.meta.dirname, 'session.py'), sdk, url, secretKey, projectId, server?.id ?? ''])
  expect(code, output).toBe(0)

  const answers = new Answers()
  const journal = await answers.read(url)
  expect(new Set(journal.map(({ operation }) => operation)).size).toBe(11)
  expect(journal.filter(({ unmatched }) => unmatched)).toEqual([])
  // The refusals that the session expects, and no others.
  expect(journal.flatMap(({ status }) => (status !== undefined && status >= 300 ? [status] : []))).toEqual([403, 404, 400, 429])
  const agents = new Set(journal.flatMap(({ headers }) => headers.filter(([name]) => name.toLowerCase() === 'user-agent').map(([, value]) => value)))
  expect([...agents]).toEqual([expect.stringMatching(/^scaleway-sdk-python\/2\.12\.0/)])
  answers.expectAsDocumented(`Python ${sdk} 2.12.0`)
})
