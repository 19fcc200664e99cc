// schemathesis generates requests from docs/openapi.json. Requests that violate the schema are refused, others are not,
// and every response matches the description.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalEntry } from 'flexip/emulator'
import { expect, test } from 'vitest'
import { api, temporaryFolder, start } from '../server/support/served.js'
import { runPython } from './support.js'

const description = join(import.meta.dirname, '../../docs/openapi.json')

interface KnownIds {
  fips: string[]
  servers: string[]
  projects: string[]
}

/** Returns the configuration of schemathesis. Ids that exist are frequent, so that most requests are not refused as "not found". */
function configuration({ fips, servers, projects }: KnownIds): string {
  const list = (name: string, values: string[]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}`
  const often = (argument: string, dictionary: string) => `"${argument}" = { dictionary = "${dictionary}", probability = 0.9 }`
  return `
# These checks measure the speed of the machine, not the emulator.
suppress-health-check = ["all"]
hooks = ${JSON.stringify(join(import.meta.dirname, 'hooks.py'))}

[checks]
# The emulator refuses unknown methods with 501, not 405, and marks them in the journal.
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

/** Starts an emulator with flexible IPs and servers. `run` runs schemathesis against it. */
async function startContract() {
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
  const work = temporaryFolder()
  writeFileSync(join(work, 'schemathesis.toml'), configuration({ fips, servers, projects: [ready.projectId] }))
  const header = `X-Auth-Token: ${ready.secretKey}`
  const args = ['run', description, '--url', ready.url, '--header', header, '--checks', 'all', '--generation-deterministic', '--continue-on-failure', '--no-color']
  const control = (method: string, path: string, body?: string) => fetch(`${ready.url}/_emulator/${path}`, { method, ...(body !== undefined && { body }) })
  return { control, run: (...more: string[]) => runPython('schemathesis', [...args, ...more], work) }
}

test('the emulator matches its description', async () => {
  const { control, run } = await startContract()
  const before = await (await control('GET', 'snapshot')).text()
  const all = await run('--max-examples', '100')
  expect(all.code, all.output).toBe(0)
  // The requests so far have detached most flexible IPs. These two operations need some on the same server.
  await control('PUT', 'snapshot', before)
  const mac = await run('--phases', 'fuzzing', '--max-examples', '100', '--include-operation-id', 'DuplicateMACAddr', '--include-operation-id', 'MoveMACAddr')
  expect(mac.code, mac.output).toBe(0)

  const journal = (await (await control('GET', 'journal')).json()) as JournalEntry[]
  const requests = journal.filter(({ target }) => !target.startsWith('/schemathesis-probe'))
  expect(requests.length).toBeGreaterThan(1000)
  expect(requests.filter(({ status }) => (status ?? 500) >= 500)).toEqual([])
  // Every operation succeeded at least once, so not only refusals were compared.
  const successes = requests.flatMap(({ operation, status }) => (operation && status && status < 300 ? [operation] : []))
  expect(new Set(successes).size).toBe(11)
  console.log(`${requests.length} requests, ${successes.length} of them successful`)
})

test.each([
  ['a response that the description lacks', { fault: { status: { status: 200, body: '{"id":1}' } } }, 'Response violates schema'],
  ['a server error', { fault: { status: { status: 500, body: '{"message":"internal error"}' } } }, 'Server error'],
])('%s is found', async (_, fault, expected) => {
  const { control, run } = await startContract()
  await control('POST', 'faults', JSON.stringify({ operation: 'getFlexibleIP', ...fault }))
  const { code, output } = await run('--phases', 'fuzzing', '--max-examples', '5', '--include-operation-id', 'GetFlexibleIP')
  expect(code).toBe(1)
  expect(output).toContain(expected)
})
