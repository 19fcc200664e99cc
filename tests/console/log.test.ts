// The activity log, and the files that can be saved of it and of the table.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toCsv } from '../../js/console/data/export.js'
import type { Upstream } from '../../js/console/data/connection.js'
import { type Names, curlOf, flexipOf } from '../../js/console/views/log-command.js'
import { type RequestRow, logColumns, rowsOf, stateOf, triesOf } from '../../js/console/views/log-rows.js'
import { openConsole } from './support.js'

const { open, tab } = openConsole()

/** Gives "Web, staging" a new MAC address: one change with its waits. Goes to the log afterwards. */
async function makeChange(page: Page): Promise<void> {
  await page.locator('.row', { hasText: 'Web, staging' }).locator('.address-link').click()
  const sheet = page.getByRole('complementary')
  await sheet.getByRole('button', { name: 'MAC', exact: true }).click()
  await sheet.getByRole('button', { name: 'Generate a MAC…' }).click()
  await sheet.locator('.mac-confirm').getByRole('button', { name: 'Generate a MAC' }).click()
  await sheet.getByText('KVM, in use').waitFor({ timeout: 40_000 })
}

async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
  return readFileSync(await download.path(), 'utf8')
}

test('a change is shown with its answer and its wait, in the log and with its flexible IP', async () => {
  const page = await open('?q=staging')
  await makeChange(page)
  await page.getByRole('complementary').getByRole('button', { name: 'Log', exact: true }).click()
  const own = page.getByRole('complementary').getByRole('table')
  await own.getByRole('button', { name: /^Generate a MAC for [\d.]+$/ }).waitFor()
  await own.getByRole('button', { name: /^Wait for 1\sIP$/ }).waitFor()
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByText('Changes').click()
  await expect.poll(() => page.getByRole('button', { name: /^List/ }).count()).toBe(0)
  expect(await page.getByRole('row', { name: /Generate a MAC for/ }).textContent()).toContain('200')
})

test('a flexible IP that was deleted is called by its address in the log and its files', { timeout: 90_000 }, async () => {
  const page = await open('?q=staging', { speed: 'instant' })
  const row = page.locator('.row', { hasText: 'Web, staging' })
  const address = (await row.locator('.address-link').textContent()) ?? ''
  await row.getByRole('checkbox').click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: `Delete ${address}` }).click()
  await page.getByRole('dialog', { name: `Delete ${address}` }).getByText('Close', { exact: true }).click()
  await expect.poll(() => row.count(), { timeout: 40_000 }).toBe(0)
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('button', { name: `Delete ${address}` }).waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^Export \d+ as JSON$/ }).click()])
  const lines = JSON.parse(readFileSync(await download.path(), 'utf8')) as { operation?: string; what: string; ips: string[] }[]
  expect(lines.find(({ operation }) => operation === 'deleteFlexibleIP')).toMatchObject({ what: `Delete ${address}`, ips: [address] })
})

test('a request to the fleet that is only in the page has no command, and says what to use instead', async () => {
  const page = await open('?q=staging', { speed: 'instant' })
  await makeChange(page)
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('button', { name: /^Generate a MAC for/ }).click()
  await page.locator('.log-detail').getByText(/^This fleet exists only in this page, so no command reaches it\. .*npx flexip emulator/).waitFor()
  expect(await page.locator('.log-detail').getByRole('button', { name: /^Copy/ }).count()).toBe(0)
  expect(await page.locator('.log-detail').textContent()).not.toContain('api.scaleway.com')
})

test('a 429 and its retry are one row, which says how often and how long', async () => {
  const page = await open()
  await page.getByLabel('Faults').selectOption('throttled')
  const other = await tab('?view=log')
  await other.getByRole('row').filter({ hasText: /[2-9] tries/ }).first().getByRole('button').click({ timeout: 50_000 })
  const attempts = other.locator('.log-attempts li')
  expect(await attempts.count()).toBeGreaterThan(1)
  expect(await attempts.first().textContent()).toMatch(/answered 429 .*tried again after [\d.]+\ss/)
  // The last attempt may be on its way still.
  await expect.poll(() => attempts.last().textContent(), { timeout: 50_000 }).toContain('answered 200')
})

test('the table is saved as CSV and JSON: what is shown, in its order, and no formula', async () => {
  const page = await open('?q=mail-1&sort=-address')
  await page.locator('.row').first().waitFor()
  const shown = await page.locator('.row .address-link').allTextContents()
  const list = JSON.parse(await saved(page, 'Export 3 as JSON')) as { address: string; tags: string[]; server: string }[]
  expect(list.map(({ address }) => address)).toEqual(shown)
  expect(list[0]?.server).toBe('mail-1')
  const csv = (await saved(page, 'Export 3 as CSV')).split('\r\n')
  expect(csv[0]).toBe('address,status,server,zone,mac,reverse,description,tags,updated,serverId,projectId,id')
  expect(csv.slice(1, 4).map((line) => line.split(',')[0])).toEqual(shown)
})

test('the log is saved as it is shown, and no file and no row has the key', async () => {
  const page = await open('?q=staging', { speed: 'instant' })
  await makeChange(page)
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByText('Changes').click()
  const count = await page.locator('.log tbody tr').count()
  const json = await saved(page, `Export ${count} as JSON`)
  const list = JSON.parse(json) as { operation?: string; result: string; body?: string; requestId?: string; tries?: object[] }[]
  expect(list.length).toBe(count)
  expect(list.find(({ operation }) => operation === 'generateMACAddr')).toMatchObject({ result: '200', body: '{"mac_type":"kvm"}', requestId: expect.stringMatching(/^[\da-f-]{36}$/) as string, tries: [{ status: 200 }] })
  const csv = await saved(page, `Export ${count} as CSV`)
  expect(`${json}${csv}${await page.locator('body').textContent()}`).not.toMatch(/x-auth-token: *[\da-f]/i)
})

const hostile = `=1+1 '$(touch x)' "\`x\`" \\ \n-- é`
const id = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`
const row = (operation: string, method: string, path: string, body?: object): RequestRow => ({
  kind: 'request',
  number: 1,
  at: 0,
  call: 1,
  fipsIds: [],
  attempts: [],
  operation,
  method,
  url: `/api/flexible-ip/v1alpha1/zones/fr-par-1/fips${path}`,
  body: body && JSON.stringify(body),
})
const names: Names = { addressOf: (fipId) => (fipId === id(1) ? '51.159.1.2' : undefined), serverName: (serverId) => (serverId === id(8) ? 'web-1' : hostile) }

const real: Upstream = { address: 'https://api.scaleway.com', isEmulator: false }

/** The words that a shell makes of a command. */
function wordsOf(command: string): string[] {
  return spawnSync('sh', ['-c', command.replace(/^(curl|npx flexip)/, "printf '%s\\0'")], { encoding: 'utf8', env: { ...process.env, SCW_SECRET_KEY: 'the-key' } }).stdout.split('\0').slice(0, -1)
}

test('a text of another stays one word in a command, and does not run', () => {
  const update = row('updateFlexibleIP', 'PATCH', `/${id(1)}`, { description: hostile, tags: [hostile, 'b'] })
  expect(wordsOf(flexipOf(update, names, real) ?? '')).toEqual(['update', '51.159.1.2', `--description=${hostile}`, `--tag=${hostile}`, '--tag=b', '--zone=fr-par-1'])
  const curl = wordsOf(curlOf(update, real))
  expect(curl.slice(0, 3)).toEqual(['-X', 'PATCH', `https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips/${id(1)}`])
  expect(curl.at(-1)).toBe(update.body)
  expect(wordsOf(flexipOf(row('attachFlexibleIP', 'POST', '/attach', { fips_ids: [id(1)], server_id: id(9) }), names, real) ?? '')).toEqual(['attach', id(9), '51.159.1.2', '--zone=fr-par-1'])
})

test('a command names the service of the page, unless it is the default', () => {
  const list = row('listFlexibleIPs', 'GET', '?page=1')
  const path = '/flexible-ip/v1alpha1/zones/fr-par-1/fips?page=1'
  const other: Upstream = { address: 'https://api.example/v0', isEmulator: false }
  const emulated: Upstream = { address: 'http://127.0.0.1:4010', isEmulator: true }
  expect(flexipOf(list, names, real)).toBe('npx flexip ls --zone=fr-par-1')
  expect(flexipOf(list, names, other)).toBe('npx flexip ls --zone=fr-par-1 --api-url=https://api.example/v0')
  expect(flexipOf(list, names, emulated)).toBe('npx flexip ls --zone=fr-par-1 --emulator=http://127.0.0.1:4010')
  for (const upstream of [real, other, emulated]) expect(curlOf(list, upstream)).toContain(`'${upstream.address}${path}'`)
  // The key of an account is not sent to an emulator.
  expect(curlOf(list, emulated)).toContain('"X-Auth-Token: $FLEXIP_SECRET_KEY"')
})

test('every command of a request is one that this package has, with options that it knows', () => {
  const rows = [
    row('listFlexibleIPs', 'GET', '?page=1'),
    row('listServers', 'GET', ''),
    row('getFlexibleIP', 'GET', `/${id(1)}`),
    row('createFlexibleIP', 'POST', '', { description: 'a', tags: ['b'], reverse: 'c.example', server_id: id(8), project_id: id(2), is_ipv6: true }),
    row('updateFlexibleIP', 'PATCH', `/${id(1)}`, { tags: [], reverse: 'c.example' }),
    row('deleteFlexibleIP', 'DELETE', `/${id(1)}`),
    row('attachFlexibleIP', 'POST', '/attach', { fips_ids: [id(1)], server_id: id(8) }),
    row('detachFlexibleIP', 'POST', '/detach', { fips_ids: [id(1)] }),
    row('generateMACAddr', 'POST', `/${id(1)}/mac`, { mac_type: 'kvm' }),
    row('duplicateMACAddr', 'POST', `/${id(1)}/mac/duplicate`, { duplicate_from_fip_id: id(3) }),
    row('moveMACAddr', 'POST', `/${id(1)}/mac/move`, { dst_fip_id: id(3) }),
    row('deleteMACAddr', 'DELETE', `/${id(1)}/mac`),
  ]
  const other: Upstream = { address: 'https://api.example', isEmulator: false }
  for (const each of rows) {
    const words = wordsOf(flexipOf(each, names, other) ?? '')
    const path = words.slice(0, words[0] === 'mac' ? 2 : 1)
    const { stdout } = spawnSync(process.execPath, [join(import.meta.dirname, '../../pkg/cli.js'), ...path, '--help'], { encoding: 'utf8' })
    expect(stdout, path.join(' ')).toMatch(new RegExp(`^Usage: flexip (?:mac )?(?:${path.at(-1)}\\b|\\w+\\|${path.at(-1)}\\b)`))
    for (const [, option = ''] of words.join('\n').matchAll(/^(--[\w-]+)/gm)) expect(stdout, path.join(' ')).toContain(option)
  }
})

test('a cell of a CSV file is no formula, and keeps commas, quotes and lines', () => {
  const lines = [
    { a: hostile, b: -5 },
    { a: 'x,"y"', b: undefined },
    { a: ['@one', 'two words'], b: 0 },
    { a: ' \n=1+1', b: 1 },
    { a: 'x\u202ey', b: 2 },
  ]
  expect(toCsv(lines, ['a', 'b'])).toBe(['a,b', `"'${hostile.replaceAll('"', '""')}",-5`, '"x,""y""",', '"[""@one"",""two words""]",0', `"' \n=1+1",1`, 'x\u202ey,2'].join('\r\n'))
})

test('lists of servers and the reading of a target are in the log, in plain words', async () => {
  const page = await open('?view=servers', { speed: 'instant' })
  await page.getByRole('button', { name: /^Plan failover of/ }).click()
  const act = page.getByRole('dialog').getByRole('button', { name: /^Move 6\sIPs to/ })
  await expect.poll(() => act.isEnabled(), { timeout: 30_000 }).toBe(true)
  const target = ((await act.textContent()) ?? '').replace(/^.* to /, '')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('button', { name: `Read the server ${target}`, exact: true }).first().waitFor()
  const lists = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'List the servers in fr-par-1', exact: true }) })
  expect(await lists.last().textContent()).toContain('200')
  await page.getByRole('button', { name: 'List the servers in fr-par-1' }).first().click()
  expect(await page.locator('.log-detail').textContent()).toContain('GET /baremetal/v1/zones/fr-par-1/servers?page=1')
  expect(await page.locator('.log').textContent()).not.toMatch(/getServer|listServers/)
})

test('a list of servers has commands that ask the servers\' API', () => {
  const list = { ...row('listServers', 'GET', ''), url: '/api/baremetal/v1/zones/fr-par-1/servers?page=1' }
  expect(curlOf(list, real)).toContain("'https://api.scaleway.com/baremetal/v1/zones/fr-par-1/servers?page=1'")
  expect(flexipOf(list, names, real)).toBe('npx flexip servers --zone=fr-par-1')
})

test('a step whose answer was lost ends by what was read after the move, and one that begins again is one row', () => {
  const attach = { type: 'step', call: 1, action: 'attach', progress: 'begun', serverId: 'to', elapsedMs: 10 } as const
  const detach = { ...attach, action: 'detach', serverId: 'from' } as const
  const events = [
    { ...detach, fipsIds: ['a'] },
    { ...attach, fipsIds: ['a'] },
    { ...attach, fipsIds: ['a'] },
    { ...attach, fipsIds: ['b'] },
    { ...detach, fipsIds: ['c'] },
    { ...attach, fipsIds: ['d'] },
  ]
  const states = (more: readonly unknown[]) => rowsOf([...events, ...more].map((event, number) => ({ number, at: number, event })) as unknown as Parameters<typeof rowsOf>[0]).map((row) => ('action' in row ? `${row.action} ${row.fipsIds.join()}: ${stateOf(row)}` : row.kind))
  // The attach shows that the detach before it is done.
  expect(states([])).toEqual(['detach a: done', 'attach a: running', 'attach b: running', 'detach c: running', 'attach d: running'])
  const read = (units: readonly object[]) => ({ type: 'moveRead', calls: [1], units })
  const first = read([{ fipsIds: ['a'], isKnown: true, serverId: 'to' }, { fipsIds: ['b'], isKnown: true }, { fipsIds: ['c'], isKnown: true }, { fipsIds: ['d'], isKnown: false }])
  const ended = ['detach a: done', 'attach a: done', 'attach b: refused', 'detach c: done']
  expect(states([first])).toEqual([...ended, 'attach d: inDoubt'])
  expect(states([first, read([{ fipsIds: ['d'], isKnown: true, serverId: 'to' }])])).toEqual([...ended, 'attach d: done'])
})

test('a detach of a move that is done is one row, which is not under way', () => {
  const step = { type: 'step', call: 1, action: 'detach', fipsIds: ['a'], elapsedMs: 100 } as const
  const begun = { number: 1, at: 0, event: { ...step, progress: 'begun', serverId: 's', elapsedMs: 10 } }
  // The event of its end names no server.
  const done = { number: 2, at: 90, event: { ...step, progress: 'done' } }
  const rows = rowsOf([begun, done] as unknown as Parameters<typeof rowsOf>[0])
  expect(rows.map((row) => [row.kind, stateOf(row), 'serverId' in row ? row.serverId : ''])).toEqual([['step', 'done', 's']])
})

test('of several attaches of a move at once, each row has its own answer', () => {
  const of = (exchange: number) => ({ call: 1, operation: 'attachFlexibleIP', attempt: 1, exchange, method: 'POST', url: '/fips/attach' })
  const events = [
    ...['a', 'b'].map((fip, index) => ({ type: 'request', ...of(index + 1), headers: {}, body: `{"fips_ids":["${fip}"]}` })),
    { type: 'response', ...of(1), outcome: 'answered', status: 200, durationMs: 1 },
    { type: 'response', ...of(2), outcome: 'answered', status: 429, durationMs: 2 },
  ]
  const rows = rowsOf(events.map((event, number) => ({ number, at: number, event })) as unknown as Parameters<typeof rowsOf>[0])
  expect(rows.map((row) => (row.kind === 'request' ? [row.body, row.attempts.at(-1)?.status] : row.kind))).toEqual([
    ['{"fips_ids":["a"]}', 200],
    ['{"fips_ids":["b"]}', 429],
  ])
})

test('a step of a move that is turned away is sent again in its own row, and one that is not sent again is not under way', () => {
  const ips = ['7c715b98-e683-493a-9e62-109d684e4348', '7c715b98-e683-493a-9e62-109d684e4349']
  const of = (place: number, attempt: number, exchange: number) => ({ call: 1, operation: 'attachFlexibleIP', attempt, exchange, method: 'POST', url: '/fips/attach', headers: {}, body: JSON.stringify({ fips_ids: [ips[place]] }) })
  const answer = (place: number, attempt: number, exchange: number, status: number) => ({ type: 'response', ...of(place, attempt, exchange), outcome: 'answered', status, durationMs: 1 })
  const retry = (attempts: number, delayMs: number) => ({ type: 'retry', call: 1, operation: 'attachFlexibleIP', attempts, delayMs, error: { code: 'too_many_requests', message: 'slow down', retryable: true } })
  const rows = (events: readonly object[]) => rowsOf(events.map((event, number) => ({ number, at: number, event })) as unknown as Parameters<typeof rowsOf>[0])
  const shown = (events: readonly object[]) => rows(events).map((row) => (row.kind === 'request' ? [stateOf(row), row.attempts.map(({ status, delayMs }) => [status, delayMs])] : row.kind))
  const both = [{ type: 'request', ...of(0, 1, 1) }, { type: 'request', ...of(1, 1, 2) }, answer(1, 1, 2, 200), answer(0, 1, 1, 429), retry(1, 500)]
  expect(shown(both)).toEqual([['running', [[429, 500]]], ['done', [[200, undefined]]]])
  const again = [...both, { type: 'request', ...of(0, 2, 3) }, answer(0, 2, 3, 409), retry(2, 700)]
  expect(shown(again)[0]).toEqual(['running', [[429, 500], [409, 700]]])
  const step = { type: 'step', call: 1, action: 'attach', fipsIds: [ips[0]], elapsedMs: 9 }
  const ended = ['refused', [[429, 500], [409, undefined]]]
  expect(shown([...again, { ...step, progress: 'failed' }])[0]).toEqual(ended)
  expect(shown([...again, { ...step, action: 'detach', progress: 'begun' }])[0]).toEqual(ended)
  expect(shown([...again, { type: 'moveRead', calls: [1], units: [] }])[0]).toEqual(ended)
})

const fip = '7c715b98-e683-493a-9e62-109d684e4348'
const requested = { call: 5, operation: 'updateFlexibleIP', attempt: 1, exchange: 1, method: 'PATCH', url: `/api/flexible-ip/v1alpha1/zones/fr-par-1/fips/${fip}`, headers: {}, body: '{"tags":["new"]}' }
const lostChange = [{ type: 'request', ...requested }, { type: 'response', ...requested, outcome: 'broken', durationMs: 3 }]
const statesOf = (events: readonly object[]) => rowsOf(events.map((event, number) => ({ number, at: number, event })) as unknown as Parameters<typeof rowsOf>[0]).map(stateOf)

test('a change whose answer was lost is in doubt until a reading shows it done', () => {
  expect(statesOf(lostChange)).toEqual(['inDoubt'])
  expect(statesOf([...lostChange, { type: 'sentAnew', of: 5, isDone: false }])).toEqual(['inDoubt'])
  expect(statesOf([...lostChange, { type: 'sentAnew', of: 5, isDone: true }])).toEqual(['done'])
  expect(statesOf([...lostChange, { type: 'readDone', fipsIds: [fip] }])).toEqual(['done'])
  expect(statesOf([...lostChange, { type: 'readDone', fipsIds: [id(1)] }])).toEqual(['inDoubt'])
  // What the service refused was not done, whatever a reading shows.
  expect(statesOf([{ type: 'request', ...requested }, { type: 'response', ...requested, outcome: 'answered', status: 409, durationMs: 3 }, { type: 'readDone', fipsIds: [fip] }])).toEqual(['refused'])
})

test('a request of a move whose answer was lost is done when its step is', () => {
  const attach = { ...requested, operation: 'attachFlexibleIP', method: 'POST', url: '/api/flexible-ip/v1alpha1/zones/fr-par-1/fips/attach', body: JSON.stringify({ fips_ids: [fip], server_id: id(8) }) }
  const step = { type: 'step', call: 5, action: 'attach', fipsIds: [fip], serverId: id(8), elapsedMs: 1 }
  const events = [{ ...step, progress: 'begun' }, { type: 'request', ...attach }, { type: 'response', ...attach, outcome: 'broken', durationMs: 3 }]
  expect(statesOf(events)).toEqual(['running', 'inDoubt'])
  expect(statesOf([...events, { ...step, progress: 'done' }])).toEqual(['done', 'done'])
  expect(statesOf([...events, { type: 'moveRead', calls: [5], units: [{ fipsIds: [fip], isKnown: true, serverId: id(8) }] }])).toEqual(['done', 'done'])
  expect(statesOf([...events, { type: 'moveRead', calls: [5], units: [{ fipsIds: [fip], isKnown: true }] }])).toEqual(['refused', 'inDoubt'])
})

test('the files of the log have each try with its status, request id and message', () => {
  const retried = { type: 'retry', call: 5, operation: 'updateFlexibleIP', attempts: 1, delayMs: 50, error: { code: 'unavailable', message: 'try later', retryable: true } }
  const events = [
    lostChange[0],
    { type: 'response', ...requested, outcome: 'answered', status: 503, requestId: 'first', durationMs: 3.2 },
    retried,
    { type: 'request', ...requested, attempt: 2, exchange: 2 },
    { type: 'response', ...requested, attempt: 2, exchange: 2, outcome: 'answered', status: 200, requestId: 'second', durationMs: 4 },
  ]
  const [row] = rowsOf(events.map((event, number) => ({ number, at: number, event })) as unknown as Parameters<typeof rowsOf>[0])
  const tries = row && triesOf(row)
  expect(tries).toEqual([
    { at: '1970-01-01T00:00:00.000Z', outcome: 'answered', status: 503, requestId: 'first', message: 'try later', durationMs: 3 },
    { at: '1970-01-01T00:00:00.003Z', outcome: 'answered', status: 200, requestId: 'second', message: undefined, durationMs: 4 },
  ])
  expect(logColumns).toContain('tries')
  expect(toCsv([{ tries }], ['tries'])).toContain('""status"":503,""requestId"":""first"",""message"":""try later""')
})
