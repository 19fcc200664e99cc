// Requests that schemathesis makes of docs/openapi.json: what breaks the schema is refused, what keeps it is not,
// and every answer is one that is described.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalEntry } from 'flexip/emulator'
import { expect, test } from 'vitest'
import { api, folder, start } from '../server/support/served.js'
import { runPython } from './support.js'

const description = join(import.meta.dirname, '../../docs/openapi.json')

interface Known {
  fips: string[]
  servers: string[]
  projects: string[]
}

/** How schemathesis is to go about it. Ids that exist come up often, so that requests get beyond "not found". */
function settings({ fips, servers, projects }: Known): string {
  const list = (name: string, values: string[]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}`
  const often = (argument: string, dictionary: string) => `"${argument}" = { dictionary = "${dictionary}", probability = 0.9 }`
  return `
# A busy machine says nothing about the emulator.
suppress-health-check = ["all"]
hooks = ${JSON.stringify(join(import.meta.dirname, 'hooks.py'))}

[checks]
# The emulator answers 501, not 405, to what it does not have, and marks it in the journal.
unsupported_method.enabled = false

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "410", "412", "423"]

[phases.coverage]
unexpected-methods = []

${list('fips', fips)}
${list('servers', servers)}
${list('projects', projects)}
${list('zones', ['fr-par-1'])}

[parameters]
${often('path.zone', 'zones')}
${often('path.fip_id', 'fips')}
${often('body.fips_ids[*]', 'fips')}
${often('body.duplicate_from_fip_id', 'fips')}
${often('body.dst_fip_id', 'fips')}
${often('body.server_id', 'servers')}
${often('body.project_id', 'projects')}
`
}

/** An emulator that holds something, and what schemathesis says of it. */
async function contract() {
  const ready = await start('--server', 'fr-par-1/web-1', '--server', 'fr-par-1/web-2', '--set', 'journalLimit=100000', '--set', 'occupiedDestination=replace')
  const servers = ready.servers.map(({ id }) => id)
  const { call, create } = api(ready)
  const fips: string[] = []
  for (let number = 0; number < 6; number++) {
    // All but one are attached to one server, and half of them have a MAC address.
    const { body } = await create({ is_ipv6: number === 5, ...(number > 0 && { server_id: servers[0] }) })
    if (number < 3) await call('POST', `/${body.id}/mac`, { mac_type: 'kvm' })
    fips.push(body.id)
  }
  const work = folder()
  writeFileSync(join(work, 'schemathesis.toml'), settings({ fips, servers, projects: [ready.projectId] }))
  const header = `X-Auth-Token: ${ready.secretKey}`
  const args = ['run', description, '--url', ready.url, '--header', header, '--checks', 'all', '--generation-deterministic', '--continue-on-failure', '--no-color']
  const control = (method: string, path: string, body?: string) => fetch(`${ready.url}/_emulator/${path}`, { method, ...(body !== undefined && { body }) })
  return { control, run: (...more: string[]) => runPython('schemathesis', [...args, ...more], work) }
}

test('the emulator does what its description says, whatever is asked of it', async () => {
  const { control, run } = await contract()
  const before = await (await control('GET', 'snapshot')).text()
  const all = await run('--max-examples', '100')
  expect(all.code, all.said).toBe(0)
  // By now hardly two flexible IPs are on one server: these two need some that are.
  await control('PUT', 'snapshot', before)
  const mac = await run('--phases', 'fuzzing', '--max-examples', '100', '--include-operation-id', 'DuplicateMACAddr', '--include-operation-id', 'MoveMACAddr')
  expect(mac.code, mac.said).toBe(0)

  const journal = (await (await control('GET', 'journal')).json()) as JournalEntry[]
  const asked = journal.filter(({ target }) => !target.startsWith('/schemathesis-probe'))
  expect(asked.length).toBeGreaterThan(1000)
  expect(asked.filter(({ status }) => (status ?? 500) >= 500)).toEqual([])
  // Not only refusals were compared: every operation succeeded at times.
  const done = asked.flatMap(({ operation, status }) => (operation && status && status < 300 ? [operation] : []))
  expect(new Set(done).size).toBe(11)
  console.log(`${asked.length} requests, ${done.length} of them carried out`)
})

test.each([
  ['an answer that is not described', { fault: { status: { status: 200, body: '{"id":1}' } } }, 'Response violates schema'],
  ['an error of the server', { fault: { status: { status: 500, body: '{"message":"internal error"}' } } }, 'Server error'],
])('%s is found', async (_, fault, expected) => {
  const { control, run } = await contract()
  await control('POST', 'faults', JSON.stringify({ operation: 'getFlexibleIP', ...fault }))
  const { code, said } = await run('--phases', 'fuzzing', '--max-examples', '5', '--include-operation-id', 'GetFlexibleIP')
  expect(code).toBe(1)
  expect(said).toContain(expected)
})
