// Secrets in texts, in every spelling that decodes to them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanDeep, redactionOf } from '../../js/transport/redaction.js'

const hex = (code: number, length: number) => code.toString(16).padStart(length, '0')
const escapes: ((character: string) => string)[] = [
  String,
  (one) => `%${hex(one.charCodeAt(0), 2)}`,
  (one) => `\\u${hex(one.charCodeAt(0), 4)}`,
  (one) => `\\u{${hex(one.charCodeAt(0), 1)}}`,
  (one) => `\\x${hex(one.charCodeAt(0), 2).toUpperCase()}`,
  (one) => `&#${one.charCodeAt(0)};`,
  (one) => `&#x000${hex(one.charCodeAt(0), 2)};`,
  (one) => `${one}\0`,
]
const wrappers: ((text: string) => string)[] = [String, encodeURIComponent, JSON.stringify, (text) => JSON.stringify(JSON.stringify(text)), (text) => encodeURIComponent(JSON.stringify(text))]
const notations: ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => Buffer.from(`x${text}y`).toString('base64').replace(/.{7}/g, '$&\n'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '0x$&, '),
  (text) => [...Buffer.from(text)].join(', '),
  (text) => text.replace(/.{9}/g, '$&\n'),
]

const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), minLength: 12, maxLength: 48 })
const before = 'The service said: '
const after = ' (end).'

test('a secret whose characters are escaped in any mixture, and then again as a whole, is replaced, and the text around it stays', () => {
  fc.assert(
    fc.property(visible, fc.array(fc.nat({ max: escapes.length - 1 }), { minLength: 48, maxLength: 48 }), fc.constantFrom(...wrappers), (secret, choices, wrap) => {
      // A backslash before a character that is written plainly would be another escape.
      fc.pre(!/[\\%&]/.test(secret))
      const escaped = [...secret].map((one, at) => escapes[choices[at] ?? 0]?.(one)).join('')
      const { clean } = redactionOf(() => [secret])
      const cleaned = clean(before + wrap(escaped) + after)
      expect(cleaned.replace(/\\+u0000|%5C(?:%5C)*u0000|\0|%00|["\\]|%22|%5C/g, '')).toBe(`${before}[secret]${after}`)
    }),
    { numRuns: 500 },
  )
})

test('a secret in base64, as digits or numbers of bytes, or broken into lines is replaced, also in JSON and in URLs', () => {
  fc.assert(
    fc.property(visible, fc.constantFrom(...notations), fc.constantFrom(...wrappers), (secret, write, wrap) => {
      const { clean } = redactionOf(() => [secret])
      const written = wrap(write(secret))
      const cleaned = clean(before + written + after)
      expect(cleaned).toContain('[secret]')
      expect(cleaned.startsWith(before) && cleaned.endsWith(after)).toBe(true)
      // The first and the last digit of base64 can stay.
      expect(cleaned.length).toBeLessThan(before.length + after.length + 36)
    }),
    { numRuns: 500 },
  )
})

test('secrets that have escapes, spaces or characters beyond ASCII themselves are replaced', () => {
  for (const secret of ['a&amp;"b-12345', 'k%41z%25-12345', 'back\\slash\\u0041', 'with space+plus', 'clé-ünïque-1', '鍵-かぎ-12345678', 'a\u{1f511}b-12345']) {
    const { clean } = redactionOf(() => [secret])
    for (const write of [...wrappers, ...notations, (text: string) => new URLSearchParams({ text }).toString()]) {
      const text = before + write(secret) + after
      expect(clean(text), text).toContain('[secret]')
    }
  }
})

test('a text without the secret stays as it is', () => {
  const { clean } = redactionOf(() => ['aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb'])
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => { expect(clean(text)).toBe(text) }), { numRuns: 500 })
})

test('secrets that overlap are replaced as one', () => {
  const { clean } = redactionOf(() => ['abcdef', 'defghi', 'cd'])
  expect(clean('x abcdefghi y abcdef z cd')).toBe('x [secret] y [secret] z [secret]')
})

test('a list of the numbers of bytes is replaced, another list stays', () => {
  const { clean } = redactionOf(() => ['key-12345'])
  expect(cleanDeep({ type: 'Buffer', data: [...Buffer.from('a key-12345 b')] }, clean)).toEqual({ type: 'Buffer', data: ['97,32,[secret],32,98'] })
  expect(cleanDeep({ data: [1, 2, 3] }, clean)).toEqual({ data: [1, 2, 3] })
})
