// flexip network, against an emulator on a port. tests/js/network.test.ts and tests/network/ have the configurations themselves.
import { expect, test } from 'vitest'
import { world } from './support.js'

test('flexip network prints the files and the commands for a host', async () => {
  const { flexip, create } = await world()
  const ip = await create('web-1')
  const { code, out } = await flexip(['network', ip.ipAddress, '--os', 'netplan', '--interface', 'eno1'])
  expect(code).toBe(0)
  expect(out).toContain(`# Write to /etc/netplan/60-flexip.yaml, mode 600:\nnetwork:\n  version: 2\n  ethernets:\n    "eno1":\n      addresses:\n        - "${ip.ipAddress}/32"\n`)
  expect(out).toContain('\n# Put into effect:\nnetplan try\n')
  expect(out).toContain(`\n# Verify:\nip -oneline address show to ${ip.ipAddress} | grep .\n`)
  expect(out).toContain('\n# Revert:\nrm /etc/netplan/60-flexip.yaml\nnetplan apply\n')
})

test('flexip network refuses flexible IPs of two servers, and takes those on no server along', async () => {
  const { flexip, create } = await world()
  const [a, b, c] = [await create('web-1'), await create('web-2'), await create()]
  expect(await flexip(['network', a.ipAddress, b.ipAddress, '--os', 'netplan'])).toMatchObject({ code: 2, out: '', err: 'error: the flexible IPs are on several servers: web-1, web-2\nA configuration is for one server: name the flexible IPs of each server apart.\n' })
  expect((await flexip(['network', a.ipAddress, c.ipAddress, '--os', 'netplan'])).code).toBe(0)
})

test('flexip network adds the others of a MAC group, and gives the object with --json', async () => {
  const { json, create, group, read } = await world()
  const [a, b] = [await create('web-1'), await create('web-1')]
  await group(a, b)
  const mac = (await read(a)).macAddress?.macAddress ?? ''
  const [config] = await json('network', a.ipAddress, '--os', 'systemd-networkd')
  expect(config).toMatchObject({ system: 'systemd-networkd', role: 'vm' })
  const text = JSON.stringify(config)
  for (const part of [a.ipAddress, b.ipAddress, `MACAddress=${mac.toLowerCase()}`]) expect(text).toContain(part)
})

test('flexip network ends with 2 for wrong options, and says what is allowed', async () => {
  const { flexip, create } = await world()
  const ip = await create('web-1')
  const cases: [string[], RegExp][] = [
    [[], /--os <system>' not specified/],
    [['--os', 'cisco'], /Allowed choices are netplan/],
    [['--os', 'netplan', '--interface', '$(id)'], /interface.*a letter, then up to 14/],
    [['--os', 'netplan', '--gateway6', '1.2.3.4'], /gateway6.*such as fe80::1/],
    [['--os', 'netplan', '--role', 'vm'], /one virtual MAC address/],
    [['--os', 'proxmox', '--vm-id', '7'], /whole number from 100/],
  ]
  for (const [args, message] of cases) expect(await flexip(['network', ip.ipAddress, ...args]), args.join(' ')).toMatchObject({ code: 2, err: expect.stringMatching(message) as string })
})
