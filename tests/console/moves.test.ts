// Moves that go wrong behind the proxy: a full target, a stop between two attaches, answers that are lost, a storm of
// 429, no network. The service ends in what the dialog says, and nothing is done twice.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 23, timing: 'instant', servers: ['down', 'large', 'small'].map((name) => ({ zone: 'fr-par-1', name })) })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const idOf = (wanted: string): string => emulator.servers.find(({ name }) => name === wanted)?.id ?? ''
const [down, large, small] = [idOf('down'), idOf('large'), idOf('small')]
const { open } = openConsole({ proxy: proxyTo(emulator), ignores: isNetworkNote })
const timeout = 40_000

afterEach(() => {
  emulator.clearFaults()
  emulator.reset()
  emulator.setTiming('instant')
})

const fill = async (serverId: string, count: number): Promise<void> => {
  for (let made = 0; made < count; made += 1) await client.createAndAttach({ serverId, description: `Number ${made}` })
}
const on = async (serverId: string | undefined): Promise<number> => (await client.listFlexibleIPs().all()).filter((ip) => ip.serverId === serverId).length
/** The changes that the service did, by their operation. */
const done = (operation: string): number => emulator.journal.filter((entry) => entry.operation === operation && entry.status !== undefined && entry.status < 300).length

/** Opens the plan of the failover, with its button for a target. */
async function plan(target: string, count: number): Promise<{ page: Page; act: ReturnType<Page['getByRole']> }> {
  const page = await open(`?dialog=failover:${down}`)
  await page.getByRole('radio', { name: new RegExp(`^${target}`) }).check()
  emulator.clearJournal()
  const act = page.getByRole('button', { name: `Move ${count} IPs to ${target}` })
  await expect.poll(() => act.isEnabled()).toBe(true)
  return { page, act }
}

describe('a full target', () => {
  beforeEach(() => fill(down, 3))

  test('cannot be chosen, with the places that it has and the places that are needed', async () => {
    await fill(small, 62)
    const page = await open(`?dialog=failover:${down}`)
    const barred = page.locator('.target.barred', { hasText: 'small' })
    await barred.getByText('Full: has 2\u00a0places, 3 are needed').waitFor()
    await barred.getByText('62 of 64').waitFor()
    expect(await page.getByRole('radio').count()).toBe(1)
    await page.getByRole('button', { name: 'Move 3 IPs to large' }).waitFor()
  })

  test('is named when no server has the places', async () => {
    await fill(small, 62)
    await fill(large, 63)
    const page = await open(`?dialog=failover:${down}`)
    await page.getByText('No server of fr-par-1 has 3\u00a0places. Choose fewer IPs, or make room.').waitFor()
    expect(await page.getByRole('radio').count()).toBe(0)
    expect(await page.getByRole('dialog').getByRole('button', { name: /^Move 3/ }).isDisabled()).toBe(true)
  })

  test('that became full after the plan was shown gets nothing: the plan is refused, and shown anew', async () => {
    await fill(small, 61)
    const { page, act } = await plan('small', 3)
    await fill(small, 1)
    await act.click()
    await page.getByText(/This move cannot be planned:|Nothing was sent\. This is the new plan\./).waitFor({ timeout })
    expect([done('detachFlexibleIP'), done('attachFlexibleIP')]).toEqual([0, 0])
    expect(await on(down)).toBe(3)
  })
})

test('a failover that is stopped while the first is attached finishes this step, says what is where, and goes on without touching it', async () => {
  await fill(down, 3)
  emulator.setTiming({ detach: 300, attach: 1500, betweenAttaches: 0 })
  const { page, act } = await plan('large', 3)
  // All but the first are turned away, and wait to be sent again.
  emulator.addFault({ operation: 'attachFlexibleIP', nth: 2, times: 1000, fault: 'rateLimit' })
  await act.click()
  const running = page.getByRole('dialog', { name: 'Moving 3 IPs to large' })
  await running.getByText('429').first().waitFor({ timeout })
  await running.getByRole('button', { name: 'Stop after this step' }).click()
  const stopped = page.getByRole('dialog', { name: /^[12] of 3\sIPs (?:is|are) on large$/ })
  await stopped.waitFor({ timeout })
  const arrived = await on(large)
  expect(arrived).toBeGreaterThan(0)
  expect(await stopped.locator('td').getByText(/^on large/).count()).toBe(arrived)
  expect(await stopped.locator('.state.bad', { hasText: 'on no server' }).count()).toBe(await on(undefined))
  emulator.clearFaults()
  emulator.setTiming('instant')
  await stopped.getByRole('button', { name: /^Continue with [12]\sIPs?$/ }).click()
  await page.getByRole('dialog', { name: '3 IPs are on large' }).waitFor({ timeout })
  expect(await on(large)).toBe(3)
  expect(done('attachFlexibleIP')).toBe(3)
})

test('a failover with a refusal that is stopped shows the refusal with its request id, and what is on no server is not in doubt', async () => {
  await fill(down, 3)
  emulator.setTiming({ detach: 300, attach: 1500, betweenAttaches: 0 })
  const { page, act } = await plan('large', 3)
  emulator.addFault({ operation: 'attachFlexibleIP', nth: 2, times: 1000, fault: { status: { status: 412, body: { type: 'precondition_failed', precondition: 'x', help_message: 'the server is full', message: 'p' } } } })
  await act.click()
  const running = page.getByRole('dialog', { name: 'Moving 3 IPs to large' })
  await running.getByText('412').first().waitFor({ timeout })
  await running.getByRole('button', { name: 'Stop after this step' }).click()
  const stopped = page.getByRole('dialog', { name: /^[01] of 3\sIPs are|^1 of 3\sIPs is/ })
  await stopped.waitFor({ timeout })
  await stopped.getByText(/^Request id [\da-f-]{36}$/).first().waitFor()
  await stopped.getByText(/the server is full/).first().waitFor()
  expect(await stopped.getByText('in doubt').count()).toBe(0)
})

test('a failover that is stopped while it detaches says what is on no server, and plans the way back to the origin; to continue leaves what others moved', async () => {
  await fill(down, 3)
  emulator.setTiming({ detach: 3000, attach: 300, betweenAttaches: 0 })
  const { page, act } = await plan('large', 3)
  await act.click()
  const running = page.getByRole('dialog', { name: 'Moving 3 IPs to large' })
  await running.getByText('200').nth(2).waitFor({ timeout })
  await running.getByRole('button', { name: 'Stop after this step' }).click()
  const stopped = page.getByRole('dialog', { name: /^0 of 3\sIPs are on large$/ })
  await stopped.waitFor({ timeout })
  await expect.poll(() => stopped.locator('.state.bad', { hasText: 'on no server' }).count()).toBe(3)
  expect(await stopped.getByText(/in doubt/i).count()).toBe(0)
  expect(await stopped.getByText(/^Not moved/).count()).toBe(0)
  // Others take one meanwhile.
  emulator.setTiming('instant')
  const [first] = await client.listFlexibleIPs().all()
  await client.ensureAttached({ fipsIds: [first?.id ?? ''], serverId: small })
  await stopped.getByRole('button', { name: 'Continue with 3 IPs' }).click()
  const left = page.getByRole('dialog', { name: /^2 of 3\sIPs are on large$/ })
  await left.waitFor({ timeout })
  await left.getByText(/^On another server: 1\sIP$/).waitFor()
  expect(await on(small)).toBe(1)
  // What others have moved is theirs: nothing is left to continue with.
  expect(await left.getByRole('button', { name: /^Continue/ }).count()).toBe(0)
  await left.getByRole('radio', { name: /^Put back on down/ }).check()
  await left.getByRole('button', { name: 'Plan the way back' }).click()
  await page.getByRole('dialog', { name: /down/ }).getByRole('button', { name: 'Move 2 IPs to down' }).waitFor({ timeout })
})

test('an attach whose answer is lost after the work is read, and not sent again', async () => {
  await fill(down, 2)
  const { page, act } = await plan('large', 2)
  emulator.addFault({ operation: 'attachFlexibleIP', nth: 1, fault: 'dropAfter' })
  await act.click()
  await page.getByRole('dialog', { name: '2 IPs are on large' }).waitFor({ timeout })
  expect(await on(large)).toBe(2)
  // The journal has the request whose answer was lost too, without a status.
  expect(emulator.journal.filter(({ operation }) => operation === 'attachFlexibleIP').length).toBe(2)
})

test('in a storm of 429 a failover arrives, the strip says what waits, and nothing is done twice', async () => {
  await fill(down, 3)
  const { page, act } = await plan('large', 3)
  for (const operation of ['attachFlexibleIP', 'detachFlexibleIP', 'listFlexibleIPs']) emulator.addFault({ operation, nth: 2, times: 2, fault: 'rateLimit' })
  await act.click()
  await page.getByText(/^Scaleway asks us to slow down \(429, since \d\d:\d\d:\d\d\)/).waitFor({ timeout })
  await page.getByText(/none is lost|No change waits/).waitFor({ timeout })
  await page.getByRole('dialog', { name: '3 IPs are on large' }).waitFor({ timeout })
  expect(await on(large)).toBe(3)
  expect([done('detachFlexibleIP'), done('attachFlexibleIP')]).toEqual([3, 3])
  await expect.poll(() => page.getByText(/^Scaleway asks us to slow down/).count(), { timeout }).toBe(0)
})

test('a failover that loses the network says so, and arrives by itself when it is back', async () => {
  await fill(down, 2)
  emulator.setTiming({ detach: 1500, attach: 300, betweenAttaches: 0 })
  const { page, act } = await plan('large', 2)
  await act.click()
  const running = page.getByRole('dialog', { name: 'Moving 2 IPs to large' })
  await running.getByText(/^detaching \d/).first().waitFor({ timeout })
  await running.getByText('200').first().waitFor({ timeout })
  await page.context().setOffline(true)
  await running.getByText(/^No answer since \d\d:\d\d:\d\d\. What was sent may have been done\./).waitFor({ timeout })
  await page.getByText(/^Offline since/).waitFor()
  await page.context().setOffline(false)
  await page.getByRole('dialog', { name: '2 IPs are on large' }).waitFor({ timeout })
  expect(await on(large)).toBe(2)
  expect([done('detachFlexibleIP'), done('attachFlexibleIP')]).toEqual([2, 2])
})
