// What the module exports, called with texts of any content, and the public functions with values of any type: no trap,
// which would break every later call.
import fc from 'fast-check'
import { FlexibleIpClient, buildRequest, checkSameServer, parseIp, validate } from 'flexip'
import { expect, test } from 'vitest'
import { act } from '../../build/client/flexip.js'
import { core } from '../../js/transport/core.js'
import { unusualValues } from './support/hostile.js'
import { farEnd, json, secretKey } from './support/wire.js'
import { page } from './support/bodies.js'

const { begin, buildRequest: build, checkSameServer: check, forget, leave, pass, plain, refuseAddress, running, settings, sharing, validate: valid, zones } = core()
const values = Object.values(unusualValues)

/** Anything, in a function: fast-check touches the values that it makes, and some must not be touched. */
const anything = () => fc.oneof(
  fc.anything({ withBigInt: true, withNullPrototype: true }).map((value) => () => value),
  fc.nat({ max: values.length - 1 }).map((index) => () => values[index]),
)

const methods = ['getFlexibleIP', 'attachFlexibleIP', 'createAndAttach', 'waitUntilDeleted', 'failover', 'findByIp', 'x']
const text = () => fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '!', '#', 'k', 't', '1', '-') }),
  fc.constantFrom(...methods, '{"fipId":"7c715b98-e683-493a-9e62-109d684e4348"}', '{"secretKey":"k","defaultZone":"fr-par-1"}', '{"input":"started"}', '{"input":"responded","tag":0,"kind":"answered","status":200}'),
)

const exports: Record<string, (one: string, two: string, three: string, number: number) => unknown> = {
  settings: (one, _two, _three, number) => settings(number, one, true),
  plain: (one, two, three) => plain(1, one, two, three),
  sharing: (one, two, three) => sharing(1, one, two, three),
  begin: (one, two, three, number) => begin(1, one, ['', 'all', 'pages'][number % 3] ?? '', two, three, '', number, number, true),
  pass: (one, _two, _three, number) => pass(number, one, number, number, number),
  leave: (one, _two, _three, number) => leave(number, -number, one, number),
  forget: (_one, _two, _three, number) => forget(number),
  buildRequest: (one, two, three) => build(one, two, three),
  validate: (one, two, three) => valid(one, two, three),
  checkSameServer: (one, two) => check(one, two),
  refuseAddress: (one) => refuseAddress(one),
  'a function that there is not': (one, two, three, number) => act(13 + number, number, number, number, number, [one, two, three].join('\n')),
}

test.each(Object.entries(exports))('%s given texts of any content returns', (_, call) => {
  settings(1, '{"secretKey":"key","defaultZone":"fr-par-1"}', true)
  fc.assert(
    fc.property(text(), text(), text(), fc.nat({ max: 9 }), (one, two, three, number) => {
      begin(1, 'waitForFlexibleIP', '', '{"fipId":"7c715b98-e683-493a-9e62-109d684e4348"}', '', '', number, number, true)
      call(one, two, three, number)
      expect(zones().length).toBeGreaterThan(0)
    }),
    { numRuns: 500 },
  )
  for (let number = 0; number < 10; number++) forget(number)
  expect(running()).toBe(0)
})

test('the public functions given values of any type throw errors of the library only', async () => {
  const client = new FlexibleIpClient({ secretKey, fetch: farEnd(() => json(200, page())).fetch, defaultZone: 'fr-par-1', retry: false })
  const calls: ((value: never, other: never) => unknown)[] = [
    (value) => validate.createFlexibleIP(value),
    (value, other) => buildRequest.attachFlexibleIP(value, other),
    (value, other) => checkSameServer(value, other),
    (value) => parseIp(value),
    (value, other) => client.findByIp(value, other),
    (value, other) => client.listFlexibleIPs(value, other),
  ]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...calls), anything(), anything(), async (call, value, other) => {
      try {
        await call(value() as never, other() as never)
      } catch (thrown) {
        expect(thrown).toMatchObject({ name: expect.stringMatching(/^(ConfigurationError|InvalidArgumentsError|DecodeError)$/) })
      }
    }),
    { numRuns: 500 },
  )
})
