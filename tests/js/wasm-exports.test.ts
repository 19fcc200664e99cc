// What the module exports, called with values of any type: no trap, which would break every later call.
import fc from 'fast-check'
import { FlexibleIpClient, buildRequest, checkSameServer, parseIp, validate } from 'flexip'
import { describe, expect, test } from 'vitest'
import { ClientCore, buildRequest as build, checkAddress, checkSameServer as check, findIp, initSync, parseIp as parse, validate as valid, zones } from '../../build/client/flexip.js'
import wasm from '../../build/client/flexip_bg.wasm'
import { decodeModule } from '../../js/transport/module-text.js'
import { unusualValues } from './support/hostile.js'
import { farEnd, json, secretKey } from './support/wire.js'
import { page } from './support/bodies.js'

initSync({ module: decodeModule(wasm) })

const edge = { now: () => 0, hasListener: () => false, isAborted: () => false, exchange: () => () => {}, sleep: () => () => {}, listen: () => () => {}, outline: (body: unknown) => body, emit: () => {} }
const newCore = () => new ClientCore({ secretKey, defaultZone: 'fr-par-1' }, edge, true)
const values = Object.values(unusualValues)

/** Anything, in a function: fast-check touches the values that it makes, and some must not be touched. */
const anything = () => fc.oneof(
  fc.anything({ withBigInt: true, withNullPrototype: true }).map((value) => () => value),
  fc.nat({ max: values.length - 1 }).map((index) => () => values[index]),
)

const exports: Record<string, (...values: unknown[]) => unknown> = {
  buildRequest: (...values) => build(...(values as [never, never, never])),
  validate: (...values) => valid(...(values as [never, never, never])),
  checkAddress: (...values) => checkAddress(...(values as [never])),
  checkSameServer: (...values) => check(...(values as [never, never])),
  findIp: (...values) => findIp(...(values as [never, never])),
  parseIp: (...values) => parse(...(values as [never])),
  newClientCore: (options, edge, sendsUserAgent) => new ClientCore(options, edge, Boolean(sendsUserAgent)),
  call: (...values) => newCore().call(...(values as [never, never, never])),
  wait: (...values) => newCore().wait(...(values as [never, never, never])),
  relocate: (...values) => newCore().relocate(...(values as [never, never, never])),
  listAll: (...values) => newCore().listAll(...(values as [never, never, never, never])),
  complete: (number, completion) => newCore().complete(Number.isInteger(number) ? (number as number) : 7, completion),
}

describe.each(Object.entries(exports))('%s', (_, call) => {
  test('given values of any type returns, or throws a report', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anything(), { maxLength: 4 }), async (some) => {
        try {
          // A call that was accepted waits for its response for ever.
          await Promise.race([call(...some.map((give) => give())), new Promise((resolve) => setImmediate(resolve))])
        } catch (thrown) {
          expect(thrown).not.toBeInstanceOf(WebAssembly.RuntimeError)
          expect(thrown).toMatchObject({ code: expect.stringMatching(/^(configuration|invalid_arguments)$/) })
        }
        expect(zones().length).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })
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
