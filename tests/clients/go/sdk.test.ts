// The official Go SDK, unchanged, against the emulator on a port.
import { expect, test } from 'vitest'
import { start } from '../../server/support/served.js'
import { Answers } from '../answers.js'
import { runGo } from './support.js'

test('the Go SDK works with the emulator: all operations, the waiter, all pages, all zones and the typed errors', async () => {
  const { url, secretKey, projectId, servers } = await start(
    ...['--clock', 'manual', '--timing', 'recorded', '--server', 'fr-par-1/web-1', '--set', 'serverLimit=2'],
    ...['--set', 'neverIp=expired', '--set', 'expiredSpelling=resourceExpired', '--set', 'ipv4Blocks={"nl-ams-2":["192.0.2.8/31"]}'],
  )
  const [server] = servers
  const { code, stdout, stderr } = await runGo('session', [url, secretKey, projectId, server?.id ?? ''])
  expect(code, stdout + stderr).toBe(0)

  const answers = new Answers()
  const journal = await answers.read(url)
  expect(new Set(journal.flatMap(({ operation }) => operation ?? [])).size).toBe(11)
  expect(journal.filter(({ unmatched }) => unmatched)).toEqual([])
  // The refusals that the session expects, and no others.
  const refusals = journal.flatMap(({ status }) => (status !== undefined && status >= 300 ? [status] : []))
  expect(refusals).toEqual([409, 404, 400, 403, 412, 423, 403, 404, 410, 503, 401, 429])
  const agents = new Set(journal.flatMap(({ headers }) => headers.filter(([name]) => name.toLowerCase() === 'user-agent').map(([, value]) => value)))
  expect([...agents]).toEqual([expect.stringMatching(/^scaleway-sdk-go\/v?1\.39\.0/)])
  answers.expectAsDocumented('Go SDK 1.39.0')
})
