// A population of flexible IPs, by the command.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { api, spawnCli, temporaryFolder, start } from './support/served.js'

const total = async (ready: Parameters<typeof api>[0], zone: string) => (await api(ready, zone).call('GET', '?page_size=1')).body.total_count

test('--population spreads a number over the zones, or takes a number for each zone', async () => {
  const spread = await start('--population', '60')
  expect([await total(spread, 'fr-par-1'), await total(spread, 'pl-waw-3')]).toEqual([10, 10])
  const byZone = await start('--population', 'fr-par-1=7', '--population', 'nl-ams-1=3')
  expect([await total(byZone, 'fr-par-1'), await total(byZone, 'nl-ams-1'), await total(byZone, 'fr-par-2')]).toEqual([7, 3, 0])
})

test.each(['many', '-1', 'mars-1=5', 'fr-par-1=', 'fr-par-1=1=2'])('--population %s is refused, and the message says what is allowed', async (text) => {
  const child = spawnCli(['emulator', '--port', '0', `--population=${text}`])
  expect((await child.ended).code).toBe(2)
  expect(child.errors()).toContain('Allowed is a number, such as 1000000, or a zone')
})

test('a population is part of the state on disk: a deleted flexible IP stays deleted, and another population is refused', async () => {
  const data = ['--data', join(temporaryFolder(), 'state.json')]
  const first = await start(...data, '--population', 'fr-par-1=20')
  const { body } = await api(first).call('GET', '?status=ready&page_size=1')
  expect((await api(first).call('DELETE', `/${body.flexible_ips[0]?.id}`)).status).toBe(204)
  await first.kill('SIGKILL')
  const second = await start(...data)
  expect(await total(second, 'fr-par-1')).toBe(19)
  await second.kill('SIGTERM')
  const third = spawnCli(['emulator', '--port', '0', ...data, '--population', '5'])
  expect((await third.ended).code).toBe(2)
  expect(third.errors()).toContain('was made with another population')
})
