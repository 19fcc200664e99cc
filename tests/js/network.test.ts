// flexip/network: what it accepts and refuses, and that no argument can leave its place in a file or a command.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Language, Parser } from 'web-tree-sitter'
import { parse } from 'yaml'
import { parseIp } from '../../js/index.js'
import { InvalidArgumentsError, type NetworkConfigOptions, type NetworkIp, networkConfig, networkSystems } from '../../js/network.js'
import { gatewayAddress, ipv4, ipv6OfBlock } from '../../js/network/addresses.js'

const zone = 'fr-par-1'
const macAddress = { macAddress: '02:00:00:12:34:56' }
const v4 = { ipAddress: '51.159.1.2', zone } as const
const v6 = { ipAddress: '2001:bc8:1:2::/64', zone } as const
const ofVm = (ip: NetworkIp): NetworkIp => ({ ...ip, macAddress })

const zones = ['fr-par-1', 'fr-par-2', 'nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3'] as const
const address4 = fc.tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'))
const block = fc.tuple(fc.nat(0xffff), fc.nat(0xffff)).map(([a, b]) => `2001:bc8:${a.toString(16)}:${b.toString(16)}::/64`)
const macs = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) => [...bytes].map((byte, index) => (index === 0 ? byte & 0xfe : byte).toString(16).padStart(2, '0')).join(':'))
const gateway = fc.option(fc.nat(0xfffe).map((last) => `fe80::${(last + 1).toString(16)}`), { nil: undefined })

describe('a configuration', () => {
  test('has every address, its resolvers and its MAC address, for every system, role and zone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...networkSystems), fc.constantFrom(...zones), fc.option(address4, { nil: undefined }), block, fc.option(macs, { nil: undefined }), gateway, (system, zone, first, second, mac, gateway6) => {
        const ips = [first, second].filter((ip) => ip !== undefined).map((ipAddress): NetworkIp => ({ ipAddress, zone, ...(mac !== undefined && { macAddress: { macAddress: mac } }) }))
        const config = networkConfig(ips, { system, ...(gateway6 !== undefined && { gateway6 }) })
        const text = JSON.stringify([config.files, config.apply])
        expect(config.role).toBe(mac === undefined ? 'host' : 'vm')
        if (first !== undefined) expect(text).toContain(first)
        expect(text).toContain(parseIp(second)?.address.replace(/::$/, '::1'))
        if (mac !== undefined && gateway6 !== undefined) expect(text).toContain(gateway6)
        if (mac !== undefined && first !== undefined) expect(text).toContain('62.210.0.1')
        if (mac === undefined) expect(text).not.toContain('62.210.0.1')
        const byInterface = system === 'ifupdown' || system === 'freebsd'
        if (mac !== undefined && !byInterface) expect(text.toLowerCase()).toMatch(new RegExp(mac.replaceAll(':', '[:-]')))
        expect(config.verify.length).toBeGreaterThanOrEqual(ips.length)
        expect(config.revert.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  test('of a virtual machine without a known IPv6 gateway says how to find it, and listens to router advertisements', () => {
    for (const system of networkSystems) {
      const notes = (options: object) => networkConfig(ofVm(v6), { system, ...options }).notes.join(' ')
      expect(notes({})).toMatch(/(ip -6 route show default|Get-NetRoute -DestinationPrefix ::\/0|netstat -rn -f inet6)/)
      expect(notes({ gateway6: 'fe80::1' })).not.toContain('gateway6')
    }
  })

  test('says which interface it assumes, if it names one', () => {
    for (const system of networkSystems) {
      for (const ip of [v4, ofVm(v4)]) {
        const assumed = networkConfig(ip, { system })
        const named = networkConfig(ip, { system, interface: 'eth7' })
        const isNamed = JSON.stringify([named.files, named.apply]).includes('eth7')
        expect(assumed.notes.some((note) => note.includes('assumed')), system).toBe(isNamed || (system === 'proxmox' && assumed.role === 'vm'))
      }
    }
  })

  test('does not share its parts with another one', () => {
    const config = networkConfig(v4, { system: 'netplan' })
    config.verify.push('x')
    config.files.pop()
    expect(networkConfig(v4, { system: 'netplan' }).files).toHaveLength(1)
    expect(networkConfig(v4, { system: 'netplan' }).verify).not.toContain('x')
  })
})

describe('the arguments', () => {
  const field = (ips: unknown, options: unknown): string | undefined => {
    try {
      networkConfig(ips as NetworkIp, options as NetworkConfigOptions)
      return undefined
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidArgumentsError)
      return (error as InvalidArgumentsError).details[0]?.field
    }
  }

  test('that are wrong are named', () => {
    const system = 'netplan'
    expect(field(v4, { system: 'cisco' })).toBe('options.system')
    expect(field(v4, { system: '__proto__' })).toBe('options.system')
    expect(field(v4, undefined)).toBe('options')
    expect(field(undefined, { system })).toBe('ip')
    expect(field([v4, null], { system })).toBe('ips[1]')
    expect(field([], { system })).toBe('ips')
    expect(field([v4, v4], { system })).toBe('ips')
    expect(field([v4, { ...v6, zone: 'fr-par-2' }], { system })).toBe('ips')
    expect(field({ ...v4, zone: 'fr-par-3' }, { system })).toBe('ip.zone')
    expect(field({ ...v4, zone: 'toString' }, { system })).toBe('ip.zone')
    expect(field({ ...v4, ipAddress: '51.159.1.2/24' }, { system })).toBe('ip.ipAddress')
    expect(field({ ...v4, ipAddress: '51.159.1.256' }, { system })).toBe('ip.ipAddress')
    expect(field({ ...v6, ipAddress: '2001:bc8::1/64' }, { system })).toBe('ip.ipAddress')
    expect(field({ ...v6, ipAddress: '2001:bc8::/48' }, { system })).toBe('ip.ipAddress')
    expect(field(v4, { system, role: 'vm' })).toBe('ips')
    expect(field([ofVm(v4), { ...v6, macAddress: { macAddress: '02:00:00:12:34:57' } }], { system })).toBe('ips')
    expect(field({ ...v4, macAddress: { macAddress: '01:00:00:12:34:56' } }, { system })).toBe('ip.macAddress.macAddress')
    expect(field(v4, { system, role: 'router' })).toBe('options.role')
    expect(field(v4, { system, gateway6: 'fe80::1%eth0' })).toBe('options.gateway6')
    expect(field(v4, { system, gateway6: '::1' })).toBe('options.gateway6')
    expect(field(v4, { system, interface: 'eth0; reboot' })).toBe('options.interface')
    expect(field(v4, { system, interface: '' })).toBe('options.interface')
    expect(field(v4, { system, vmId: 99 })).toBe('options.vmId')
    expect(field([ofVm(v4), ofVm({ ...v4, ipAddress: '51.159.1.3' })], { system: 'proxmox' })).toBe('ips')
    expect(field(v4, { get system() { throw new Error('no') } })).toBe('options')
  })

  test('of any kind give a configuration or an error that names one of them', () => {
    const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true })
    const nearly = fc.record({ ipAddress: fc.oneof(fc.constant('51.159.1.2'), fc.ipV4(), fc.ipV6(), anything), zone: fc.oneof(fc.constant('fr-par-1'), anything), macAddress: fc.oneof(fc.constant(macAddress), anything) }, { requiredKeys: [] })
    const options = fc.record({ system: fc.oneof(fc.constantFrom(...networkSystems), anything), role: fc.oneof(fc.constant(undefined), fc.constant('vm'), anything), gateway6: fc.oneof(fc.constant(undefined), fc.ipV6(), anything), interface: fc.oneof(fc.constant(undefined), fc.string(), anything), vmId: fc.oneof(fc.constant(undefined), anything) }, { requiredKeys: [] })
    fc.assert(fc.property(fc.oneof(nearly, fc.array(nearly), anything), fc.oneof(options, anything), (ips, options) => void field(ips, options)), { numRuns: 1000 })
  })

  test('cannot leave their place: the interface is the one text of a caller, and it stays one word in shells, PowerShell and YAML', () => {
    fc.assert(
      fc.property(fc.constantFrom(...networkSystems), fc.constantFrom(v4, ofVm(v4)), fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 16 }), fc.constantFrom('on', 'null', '~', '1e3', 'eth0:1', '../x', '-x', "a'b", 'a\u2019b', 'a\nb', '$(id)', 'all', '0x1', 'é')), (system, ip, name) => {
        if (field(ip, { system, interface: name }) === 'options.interface') return
        expect(name).toMatch(system === 'windows' ? /^[\p{L}\p{N} ()#_.-]+$/u : /^[A-Za-z][A-Za-z0-9_.-]*$/)
        if (system === 'netplan' && ip === v4) {
          const [file] = networkConfig(ip, { system, interface: name }).files
          expect(Object.keys((parse(file?.content ?? '', { version: '1.1' }) as { network: { ethernets: object } }).network.ethernets)).toEqual([name])
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('addresses', () => {
  test('of blocks are accepted in the spellings of the service', () => {
    fc.assert(fc.property(block, (text) => void expect(ipv6OfBlock(text)).toBeDefined()))
  })
})

describe('PowerShell', () => {
  let parser: Parser
  beforeAll(async () => {
    await Parser.init()
    parser = new Parser().setLanguage(await Language.load(readFileSync('node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm')))
  })
  // The parameters by the reference of the modules NetTCPIP, NetAdapter and DnsClient.
  const cmdlets: Record<string, string[]> = {
    'Get-NetAdapter': [],
    'Get-NetIPAddress': ['IPAddress', 'ErrorAction'],
    'Get-NetRoute': ['DestinationPrefix', 'NextHop', 'ErrorAction'],
    'New-NetIPAddress': ['InterfaceAlias', 'InterfaceIndex', 'IPAddress', 'PrefixLength', 'SkipAsSource'],
    'New-NetRoute': ['InterfaceIndex', 'DestinationPrefix', 'NextHop'],
    'Remove-NetIPAddress': ['InterfaceIndex', 'IPAddress', 'Confirm'],
    'Remove-NetRoute': ['InterfaceIndex', 'DestinationPrefix', 'Confirm'],
    'Set-DnsClientServerAddress': ['InterfaceIndex', 'ServerAddresses', 'ResetServerAddresses'],
    'Set-NetIPInterface': ['InterfaceIndex', 'AddressFamily', 'RouterDiscovery', 'Dhcp'],
    'Where-Object': ['eq'],
  }

  test('parses every command for Windows, and knows every cmdlet and parameter in it', () => {
    for (const [ips, name] of [[[v4, v6], "Ethernet 2 (LAN)"], [[ofVm(v4), ofVm(v6)], 'Ethernet']] as const) {
      for (const gateway of [{}, { gateway6: 'fe80::1' }]) {
        const { apply, verify, revert } = networkConfig(ips, { system: 'windows', interface: name, ...gateway })
        for (const line of [...apply, ...verify, ...revert]) {
          const tree = parser.parse(line)?.rootNode
          expect(tree?.hasError, line).toBe(false)
          for (const command of tree?.descendantsOfType('command') ?? []) {
            const cmdlet = command?.childForFieldName('command_name')?.text ?? ''
            const parameters = command?.descendantsOfType('command_parameter').map((parameter) => parameter?.text.slice(1))
            expect(Object.keys(cmdlets), line).toContain(cmdlet)
            for (const parameter of parameters ?? []) expect(cmdlets[cmdlet], line).toContain(parameter)
          }
        }
      }
    }
  })

  test('refuses a command whose quote does not end, so that the test above can fail', () => {
    expect(parser.parse("New-NetIPAddress -InterfaceAlias 'Ethernet")?.rootNode.hasError).toBe(true)
  })
})
