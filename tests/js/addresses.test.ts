// The addresses that JavaScript reads, beside two readers of the platform: node:net says what an address is, and URL spells it.
import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { InvalidArgumentsError, parseIp } from 'flexip'
import { expect, test } from 'vitest'
import { contains, ipv4, ipv6OfBlock, gatewayAddress, network } from '../../js/network/addresses.js'
import { parseIp as parse } from '../../js/client/helpers.js'

/** The eight groups of an IPv6 address in the spelling of URL, which has no dots. */
function groupsIn(spelled: string): number[] {
  const [head = [], tail = []] = spelled.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  return [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail].map((group) => Number.parseInt(group, 16))
}

/** What `parseIp` is to say of a text. */
function platformParses(text: string): unknown {
  const [, address = '', digits] = /^([^/]*)(?:\/(\d+))?$/.exec(text) ?? []
  if (address.includes('%')) return undefined
  const longest = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0
  const prefixLength = Number(digits ?? longest)
  if (longest === 0 || prefixLength > longest) return undefined
  const four = (own: string, bits: number) => ({ family: 4, address: own, prefixLength: bits, text: bits === 32 ? own : `${own}/${bits}` })
  if (longest === 32) return four(address, prefixLength)
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const groups = groupsIn(spelled)
  const isMapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535'
  const dotted = groups.slice(6).flatMap((group) => [group >> 8, group & 255]).join('.')
  if (isMapped && prefixLength >= 96) return four(dotted, prefixLength - 96)
  const own = isMapped ? `::ffff:${dotted}` : spelled
  return { family: 6, address: own, prefixLength, text: `${own}/${prefixLength}` }
}

const octet = fc.oneof(fc.nat({ max: 255 }).map(String), fc.constantFrom('00', '01', '256', '999', '1000', '', '-1', '+1', '1e1', ' 1'))
const dotted = fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'))
const group = fc.oneof(fc.constantFrom('0', '0', '0000', 'ffff', 'FFFF', '1', '', '12345', 'g', '+1'), fc.nat({ max: 0xffff }).map((value) => value.toString(16)))
const end = fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.oneof(dotted, fc.ipV4()) })
const colons = fc.tuple(fc.array(group, { maxLength: 9 }), fc.constantFrom('', ':', '::', ':::'), fc.array(group, { maxLength: 8 }), fc.constantFrom('', ':'), end).map((parts) => parts.map((part) => (Array.isArray(part) ? part.join(':') : part)).join(''))
const mapped = fc.tuple(fc.constantFrom('::ffff:', '::FFFF:', '0:0:0:0:0:ffff:', '::', '::fffe:', '64:ff9b::'), fc.oneof(fc.ipV4(), dotted, fc.constantFrom('339f:102', '0:0', '1'))).map((parts) => parts.join(''))
const prefix = fc.oneof(fc.constant(''), fc.nat({ max: 130 }).map((bits) => `/${bits}`), fc.constantFrom('/', '/032', '/0000000064', '/256', '/99999999999999999999', '/+1', '/-1', '/ 1', '/1/2', '/1.0', '/٣'))
const address = fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), dotted, colons, mapped)
const texts = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(address, prefix).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.stringMatching(/^[0-9a-fA-F:.]{1,46}(\/\d{1,4})?$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)

test('every text is read as the platform reads it', () => {
  let addresses = 0
  fc.assert(
    fc.property(texts, (text) => {
      const expected = platformParses(text)
      if (expected) addresses += 1
      expect(parse(text)).toEqual(expected)
    }),
    { numRuns: 10_000 },
  )
  // Else the property would be about texts that both refuse.
  expect(addresses).toBeGreaterThan(2000)
})

test('a spelling that is cut, doubled or changed in one place is read as the platform reads it', () => {
  const valid = ['1.2.3.4', '255.255.255.255/32', '2001:bc8:702:6b7::/64', '::', '::1', '1::', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4', '0000:0000:0000:0000:0000:ffff:255.255.255.255/128', '::ffff:1.2.3.4/95', '::ffff:1.2.3.4/96', 'fe80::1%eth0', '1:0:0:2:0:0:0:3']
  const characters = [...'0123456789abcdefABCDEFg:./%+- \0\n٣']
  for (const text of valid) {
    for (let place = 0; place <= text.length; place += 1) {
      const variants = [text.slice(0, place), text.slice(0, place) + text.slice(place + 1), ...characters.flatMap((character) => [text.slice(0, place) + character + text.slice(place), text.slice(0, place) + character + text.slice(place + 1)])]
      for (const variant of variants) expect([variant, parse(variant)]).toEqual([variant, platformParses(variant)])
    }
  }
})

test('the texts of a network configuration are spelled as the platform spells them', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const read = (value: string | undefined) => value === undefined ? undefined : (platformParses(value) as { address: string } | undefined)?.address
      const four = ipv4(text)
      if (four !== undefined) expect(read(text)).toBe(four)
      const six = ipv6OfBlock(text)
      if (six !== undefined) expect(read(six)).toBe(six)
      const gateway = gatewayAddress(text)
      if (gateway !== undefined) expect(read(text)).toBe(gateway)
    }),
    { numRuns: 5000 },
  )
})

test('a block contains the addresses that share its leading bits', () => {
  const block = fc.oneof(fc.tuple(fc.constant(32), fc.bigInt({ min: 0n, max: 2n ** 32n - 1n })), fc.tuple(fc.constant(128), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })))
  const networkOf = (bits: number, value: bigint, prefixLength: number) => {
    const address = bits === 32 ? [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.') : Array.from({ length: 8 }, (_, place) => ((value >> BigInt(112 - 16 * place)) & 0xffffn).toString(16)).join(':')
    return network(`${address}/${prefixLength}`)
  }
  fc.assert(
    fc.property(block, fc.nat({ max: 128 }), fc.nat({ max: 128 }), fc.nat({ max: 127 }), ([bits, value], one, two, place) => {
      const [prefix, otherPrefix] = [one % (bits + 1), two % (bits + 1)]
      const flipped = place % bits
      const own = networkOf(bits, value, prefix)
      const other = networkOf(bits, value ^ (1n << BigInt(bits - 1 - flipped)), otherPrefix)
      // One bit of the two differs, and an IPv6 text of an IPv4 address is of the other family.
      if (!own || !other || own.family !== other.family) return
      expect(contains(own, other)).toBe(flipped >= own.prefixLength + (bits === 128 && own.family === 4 ? 96 : 0) && prefix <= otherPrefix)
      expect(contains(own, own)).toBe(true)
    }),
  )
  const contained = (one: string, two: string) => [network(one), network(two)].every((part) => part !== undefined) && contains(network(one)!, network(two)!)
  expect(contained('2001:bc8:702:6b7::/64', '2001:0bc8:0702:06b7:ffff::1')).toBe(true)
  expect(contained('2001:bc8:702:6b7::/64', '2001:bc8:702:6b8::1')).toBe(false)
  expect(contained('2001:bc8:702:6b7::/64', '1.2.3.4')).toBe(false)
  expect(contained('::/0', '1.2.3.4')).toBe(false)
  expect(contained('::ffff:1.2.3.0/120', '1.2.3.4')).toBe(true)
})

test('an argument that is no text is refused with its name', () => {
  for (const value of [undefined, null, 4, ['1.2.3.4'], { toString: () => '1.2.3.4' }, Symbol('x')]) {
    const refusal = (() => { try { return parseIp(value as string) } catch (error) { return error } })()
    expect(refusal).toBeInstanceOf(InvalidArgumentsError)
    expect(refusal).toMatchObject({ operation: 'parseIp', details: [{ field: 'text', reason: 'format' }] })
  }
})
