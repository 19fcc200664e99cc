// The text in which the core receives a value of the caller.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueText } from '../../js/transport/value-text.js'
import { cycle, revoked, untouchable } from './support/hostile.js'

describe('a value that JSON can hold', () => {
  test('is its JSON, if its numbers are whole', () => {
    const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.parse(JSON.stringify(json), (_, one: unknown) => (typeof one === 'number' ? Math.trunc(one % 2 ** 53) + 0 : one)) as unknown)
    fc.assert(fc.property(value, (json) => void expect(JSON.parse(valueText(json))).toEqual(json)), { numRuns: 1000 })
  })

  test('is its text, whatever characters that has', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme-composite' }), (text) => void expect(JSON.parse(valueText(text))).toBe(text)), { numRuns: 1000 })
  })
})

describe.each<[string, unknown, string]>([
  ['undefined', undefined, ''],
  ['a field that is undefined', { a: undefined, b: null }, '{"b":null}'],
  ['a fraction', 1.5, '#3ff8000000000000'],
  ['NaN', NaN, '#7ff8000000000000'],
  ['minus zero', -0, '#8000000000000000'],
  ['a number above 2^53', 2 ** 60, '#43b0000000000000'],
  ['a function', () => 0, '!k"function"'],
  ['a bigint', 1n, '!k"bigint"'],
  ['a date', new Date(0), '!k"Date"'],
  ['a promise', Promise.resolve(), '!k"Promise"'],
  ['what can be awaited', { then: () => 0 }, '!k"Promise"'],
  ['a name that is no class', { [Symbol.toStringTag]: 'function' }, '!k"object"'],
  ['a lone surrogate', '\ud800', '!s'],
  ['a long text', 'x'.repeat(65_537), '!l65537'],
  ['a long list', Array.from({ length: 10_001 }), '!m10001'],
  ['a hole in a list', [, 1], '[!k"undefined",1]'],
  ['what holds itself', cycle(), '{"list":[],"self":{"list":[],"self":{"list":[],"self":{"list":[],"self":{"list":!d,"self":!d}}}}}'],
  ['a revoked proxy', revoked(), '!t"Cannot perform \'IsArray\' on a proxy that has been revoked"'],
  ['what throws', untouchable(), '!t"do not touch"'],
  ['a getter that throws', { get a() { throw new Error('a "boo"') } }, '!t"a \\"boo\\""'],
  ['an instance of a class', new (class { a = 1; get b() { return 2 } method() {} })(), '{"a":1,"b":2}'],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ['a Headers', { headers: new Headers({ 'X-A': '1' }) }, '{"headers":{"x-a":"1"}}'],
])('%s', (_, value, text) => {
  test(`is ${text}`, () => expect(valueText(value)).toBe(text))
})

test('a field can be written otherwise, if it is one of the value itself', () => {
  expect(valueText({ signal: 1, a: { signal: 2 } }, (name) => (name === 'signal' ? '"it"' : undefined))).toBe('{"signal":"it","a":{"signal":2}}')
})
