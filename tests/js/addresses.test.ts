// parseIp, which is JavaScript so that it loads no WebAssembly, reads every text as the core does.
import fc from 'fast-check'
import { InvalidArgumentsError, parseIp } from 'flexip'
import { expect, test } from 'vitest'
import { parseIp as parseInCore } from '../../build/client/flexip.js'
import { ipv4, ipv6OfBlock, gatewayAddress } from '../../js/network/addresses.js'
import { parseIp as parse } from '../../js/client/helpers.js'
import { core } from '../../js/transport/core.js'

core()
const coreParses = (text: string): unknown => {
  const json = parseInCore(text)
  return json === '' ? undefined : JSON.parse(json)
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

test('every text is read as the core reads it', () => {
  let addresses = 0
  fc.assert(
    fc.property(texts, (text) => {
      const expected = coreParses(text)
      if (expected) addresses += 1
      expect(parse(text)).toEqual(expected)
    }),
    { numRuns: 50_000 },
  )
  // Else the property would be about texts that both refuse.
  expect(addresses).toBeGreaterThan(10_000)
})

test('a spelling that is cut, doubled or changed in one place is read as the core reads it', () => {
  const valid = ['1.2.3.4', '255.255.255.255/32', '2001:bc8:702:6b7::/64', '::', '::1', '1::', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4', '0000:0000:0000:0000:0000:ffff:255.255.255.255/128', '::ffff:1.2.3.4/95', '::ffff:1.2.3.4/96', 'fe80::1%eth0', '1:0:0:2:0:0:0:3']
  const characters = [...'0123456789abcdefABCDEFg:./%+- \0\n٣']
  for (const text of valid) {
    for (let place = 0; place <= text.length; place += 1) {
      const variants = [text.slice(0, place), text.slice(0, place) + text.slice(place + 1), ...characters.flatMap((character) => [text.slice(0, place) + character + text.slice(place), text.slice(0, place) + character + text.slice(place + 1)])]
      for (const variant of variants) expect([variant, parse(variant)]).toEqual([variant, coreParses(variant)])
    }
  }
})

test('the texts of a network configuration are spelled as the core spells them', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const read = (value: string | undefined) => value === undefined ? undefined : (coreParses(value) as { address: string } | undefined)?.address
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

test('an argument that is no text is refused with its name', () => {
  for (const value of [undefined, null, 4, ['1.2.3.4'], { toString: () => '1.2.3.4' }, Symbol('x')]) {
    const refusal = (() => { try { return parseIp(value as string) } catch (error) { return error } })()
    expect(refusal).toBeInstanceOf(InvalidArgumentsError)
    expect(refusal).toMatchObject({ operation: 'parseIp', details: [{ field: 'text', reason: 'format' }] })
  }
})
