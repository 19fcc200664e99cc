// The functions that send nothing: what they do with values of other types.
import * as flexip from 'flexip'
import { InvalidArgumentsError, isFlexipError } from 'flexip'
import { describe, expect, test } from 'vitest'
import { flexibleIp } from './support/bodies.js'
import { revoked, throwing, unusualValues, untouchable } from './support/hostile.js'

type Any = (...values: unknown[]) => unknown
const ip = { id: String(flexibleIp().id), zone: 'fr-par-1' }
const thrownBy = (run: () => unknown): unknown => {
  try {
    run()
  } catch (thrown) {
    return thrown
  }
  return undefined
}

const functions: [name: string, run: Any][] = [
  ['parseIp', flexip.parseIp as Any],
  ['srn', flexip.srn as Any],
  ['exactTimes', flexip.exactTimes as Any],
  ['macGroups', flexip.macGroups as Any],
  ['macGroups of a list', (value) => flexip.macGroups([value as never])],
  ['checkSameServer', flexip.checkSameServer as Any],
  ['checkSameServer, second', (value) => flexip.checkSameServer(ip as never, value as never)],
  ['consoleLogger', flexip.consoleLogger as Any],
  ['isFlexipError', flexip.isFlexipError as Any],
  ...Object.keys(flexip.validate).flatMap((name): [string, Any][] => [
    [`validate.${name}`, (flexip.validate as unknown as Record<string, Any>)[name]!],
    [`buildRequest.${name}`, (flexip.buildRequest as unknown as Record<string, Any>)[name]!],
    [`validate.${name}, defaults`, (value) => (flexip.validate as unknown as Record<string, Any>)[name]!({}, value)],
  ]),
]

describe.each(functions)('%s', (_, run) => {
  test('throws nothing but errors of this library, whatever it receives', () => {
    for (const [what, value] of Object.entries(unusualValues)) {
      const thrown = thrownBy(() => run(value))
      expect(thrown === undefined || isFlexipError(thrown), what).toBe(true)
    }
  })
})

test.each<[string, Any, unknown[]]>([
  ['text', flexip.parseIp as Any, [undefined, null, 7, 10n, Symbol('x'), () => 0, {}, revoked(), untouchable()]],
  ['ip', flexip.srn as Any, [undefined, null, revoked(), untouchable(), { get id() { return throwing() } }]],
  ['ip.id', flexip.srn as Any, [7, {}, { id: Symbol('x'), zone: 'fr-par-1' }, { id: 10n }]],
  ['ip.zone', flexip.srn as Any, [{ id: 'x' }, { id: 'x', zone: Symbol('x') }]],
  ['result', flexip.exactTimes as Any, [undefined, null, 7, 'x', Symbol('x'), 10n, () => 0]],
  ['ips', flexip.macGroups as Any, [undefined, null, 7, {}, [null], [7], ['x'], [{ get macAddress() { return throwing() } }], revoked([])]],
  ['options', flexip.consoleLogger as Any, [null, 5, 'debug', true, Symbol('x'), { get level() { return throwing() } }, revoked()]],
  ['options.level', flexip.consoleLogger as Any, [{ level: 'loud' }, { level: Symbol('x') }, { level: 7 }]],
])('the error names the argument %s, what it is and what is allowed', (field, run, values) => {
  for (const value of values) {
    const thrown = thrownBy(() => run(value))
    expect(thrown).toBeInstanceOf(InvalidArgumentsError)
    expect(thrown).toMatchObject({ code: 'invalid_arguments', attempts: 0, details: [{ field, reason: 'format', helpMessage: expect.stringMatching(/^value must be .+; found .+/) }] })
  }
})

test('values of the right types are taken as before', () => {
  expect(flexip.srn(ip)).toBe(`srn://flexible-ip.scw.eu/zones/fr-par-1/flexible-ips/${ip.id}`)
  expect(flexip.parseIp('not an address')).toBeUndefined()
  expect(flexip.exactTimes({})).toEqual({ createdAt: undefined, updatedAt: undefined })
  expect(flexip.macGroups([])).toEqual([])
})
