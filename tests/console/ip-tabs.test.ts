// The tabs of a flexible IP: its virtual MAC address, and its network configuration.
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { networkConfig } from '../../pkg/network.js'
import { openConsole } from './support.js'

const { open } = openConsole()

/** Opens a tab of the flexible IP with this description. */
async function openTab(description: string, tab: 'MAC' | 'Network'): Promise<{ page: Page; sheet: Locator }> {
  const page = await open(`?q=${encodeURIComponent(description)}`, { speed: 'instant' })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.locator('.row', { hasText: description }).first().locator('.address-link').click()
  const sheet = page.getByRole('complementary')
  await sheet.getByRole('button', { name: tab, exact: true }).click()
  return { page, sheet }
}

const macOf = (sheet: Locator): Promise<string | null> => sheet.locator('.mac-tab .mono').first().textContent()
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

describe('virtual MAC addresses', () => {
  test('a group is shown with its members, and each leads to its sheet', async () => {
    const { sheet } = await openTab('Public API, blue side', 'MAC')
    await sheet.getByText('3\u00a0IPs move together').waitFor()
    expect(await sheet.locator('.mac-member').count()).toBe(3)
    expect(await sheet.getByText('KVM, in use').count()).toBe(1)
    await sheet.locator('.mac-member', { hasText: 'card processor' }).getByRole('button').click()
    await sheet.locator('.mac-member', { hasText: 'Public API, blue side' }).waitFor()
  })

  test('a new MAC says what it replaces, and takes the flexible IP out of its group', async () => {
    const { sheet } = await openTab('Mail in', 'MAC')
    const old = await macOf(sheet)
    await sheet.getByRole('button', { name: 'Generate a MAC…' }).click()
    await sheet.getByText(`It leaves the group of ${old}, which goes on with 2\u00a0IPs.`).waitFor()
    await sheet.locator('.mac-panel').getByText('VMware').click()
    await sheet.locator('.mac-confirm').getByRole('button', { name: 'Generate a MAC' }).click()
    await expect.poll(() => macOf(sheet), { timeout: 20_000 }).toMatch(/^00:50:56/)
    expect(await sheet.getByText('move together').count()).toBe(0)
  })

  test('to duplicate, only the MACs of the same server are offered', async () => {
    const { sheet } = await openTab('Web, staging', 'MAC')
    await sheet.getByRole('button', { name: 'Duplicate a MAC…' }).click()
    expect(await sheet.getByRole('radio').count()).toBe(1)
    await sheet.getByText(/MACs are not offered: their IPs are not on web-2/).waitFor()
    expect(await sheet.getByRole('button', { name: 'Duplicate the MAC', exact: true }).isDisabled()).toBe(true)
    await sheet.getByRole('radio').check()
    await sheet.getByText(/moves with its group from then on/).waitFor()
    await sheet.getByRole('button', { name: 'Duplicate the MAC', exact: true }).click()
    await sheet.getByText('2\u00a0IPs move together').waitFor({ timeout: 20_000 })
  })

  test('a flexible IP on no server is offered none to duplicate, with the reason', async () => {
    const { sheet } = await openTab('Spare', 'MAC')
    expect(await sheet.getByRole('button', { name: 'Duplicate a MAC…' }).isDisabled()).toBe(true)
    await sheet.getByText('To duplicate a MAC, attach this IP first').waitFor()
  })

  test('a MAC moves to a flexible IP of the same server that has none', async () => {
    const { sheet } = await openTab('Web, main site', 'MAC')
    const mac = await macOf(sheet)
    await sheet.getByRole('button', { name: 'Move the MAC…' }).click()
    const choice = sheet.locator('.mac-choices .option', { hasText: 'Web, staging' })
    const address = await choice.locator('.mono').textContent()
    await choice.getByRole('radio').check()
    await sheet.getByText(`${address} gets ${mac}.`).waitFor()
    await sheet.getByRole('button', { name: 'Move the MAC', exact: true }).click()
    await sheet.getByText('has no virtual MAC').waitFor({ timeout: 20_000 })
  })

  test('to delete a MAC, the focus is on Cancel, and the button names what it deletes', async () => {
    const { page, sheet } = await openTab('Web, main site', 'MAC')
    const mac = (await macOf(sheet)) ?? ''
    await sheet.getByRole('button', { name: 'Delete the MAC…' }).click()
    await sheet.getByText(`${mac} cannot be had again`).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => sheet.locator('.mac-panel').count()).toBe(0)
    expect(await macOf(sheet)).toBe(mac)
    await sheet.getByRole('button', { name: 'Delete the MAC…' }).click()
    await sheet.getByRole('button', { name: `Delete ${mac}` }).click()
    await sheet.getByText('has no virtual MAC').waitFor({ timeout: 20_000 })
  })
})

describe('the network configuration', () => {
  test('of a MAC group is that of the library, for all of its flexible IPs, and can be copied', async () => {
    const { page, sheet } = await openTab('Mail in', 'Network')
    const code = sheet.getByRole('region', { name: '/etc/netplan/60-flexip.yaml' })
    const text = (await code.locator('pre').textContent()) ?? ''
    const addresses = [...text.matchAll(/- "([\d.]+)\/32"/g)].map(([, address = '']) => address)
    const mac = /macaddress: "([\da-f:]+)"/.exec(text)?.[1] ?? ''
    expect(addresses.length).toBe(3)
    const config = networkConfig(addresses.map((ipAddress) => ({ ipAddress, zone: 'fr-par-1', macAddress: { macAddress: mac } })), { system: 'netplan', role: 'vm' })
    expect(text).toBe(config.files[0]?.content)
    for (const [title, lines] of [['Apply', config.apply], ['Check', config.verify], ['Revert', config.revert]] as const) {
      expect(await sheet.getByRole('region', { name: title }).locator('pre').textContent()).toBe(lines.join('\n'))
    }
    for (const note of config.notes) expect(await sheet.getByText(note).count()).toBe(1)
    await code.getByRole('button', { name: /^Copy file/ }).click()
    await code.getByText('Copied').waitFor()
    expect(await clipboard(page)).toBe(text)
    await sheet.getByLabel('Which addresses').selectOption('one')
    await expect.poll(async () => (await code.locator('pre').textContent())?.match(/\/32/g)?.length).toBe(1)
  })

  test('changes with system and role, keeps the system, and says what cannot be', async () => {
    const { page, sheet } = await openTab('Web, staging', 'Network')
    await sheet.getByLabel('System').selectOption('windows')
    await sheet.getByText(/New-NetIPAddress/).waitFor()
    await sheet.getByLabel('Interface').fill('a"b')
    await sheet.getByRole('alert').waitFor()
    await sheet.getByLabel('Interface').fill('')
    await sheet.getByText('In a VM').click()
    await sheet.getByRole('alert').getByText(/which a virtual machine needs/).waitFor()
    await page.reload()
    await expect.poll(() => sheet.getByLabel('System').inputValue()).toBe('windows')
  })
})
