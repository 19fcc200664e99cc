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

test('a UUID in upper case or without hyphens is replaced', () => {
  const uuid = '7f3a9c1e-5b2d-4e8f-9a6b-0c1d2e3f4a5b'
  const { clean } = redactionOf(() => [uuid])
  for (const text of [uuid.toUpperCase(), uuid.replaceAll('-', ''), uuid.replaceAll('-', '').toUpperCase()]) expect(clean(`key ${text}.`)).toBe('key [secret].')
  expect(clean('7f3a9c1e-5b2d-4e8f-9a6b-0c1d2e3f4a5c')).toBe('7f3a9c1e-5b2d-4e8f-9a6b-0c1d2e3f4a5c')
})

test('escapes of escapes, the escapes of old forms, and digits of UTF-16 are replaced', () => {
  const { clean } = redactionOf(() => ['key-12345'])
  const entities = [...'key-12345'].map((one) => `&amp;#${one.charCodeAt(0)};`).join('')
  const old = [...'key-12345'].map((one) => `%u00${hex(one.charCodeAt(0), 2)}`).join('')
  const utf16 = Buffer.from('key-12345', 'utf16le').toString('hex')
  for (const text of [entities, encodeURIComponent(entities), old]) expect(clean(`a ${text} b`)).toBe('a [secret] b')
  expect(clean(`a ${utf16} b`)).toMatch(/^a \[secret\](?:00)? b$/)
})

test('a secret whose escapes are mixed is replaced behind a sign that begins no escape', () => {
  const secret = '7f3a9c1e-5b2d-4e8f-9a6b-0c1d2e3f4a5b'
  const { clean } = redactionOf(() => [secret])
  for (const before of ['%', '100%', 'key=%', '\\u', '\\x', '%u', '&#']) {
    expect(clean(`${before}${secret.replaceAll('-', '%2D')}%`), before).not.toContain('9c1e')
    expect(clean(`${before}${secret}%`), before).toBe(`${before}[secret]%`)
  }
})

test('a text of many backslashes, percent signs or other beginnings of escapes is read in a time that grows with its length alone', () => {
  const { clean } = redactionOf(() => ['aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb'])
  for (const unit of ['\\', '%', '%25', '&', '&#', '&amp;', '\\u', '\\u{', '0x', '-', ' ', 'a', 'aaaa', '\0', '=\n']) {
    const text = unit.repeat(100_000 / unit.length)
    expect(clean(text)).toBe(text)
  }
})

test('a secret of any length is replaced', () => {
  for (const length of [1, 2, 5_000, 100_000]) {
    const secret = 'k7-'.repeat(length).slice(0, length)
    const { clean } = redactionOf(() => [secret])
    expect(clean(`100% ${secret} &`)).toBe('100% [secret] &')
    expect(clean(`100% ${encodeURIComponent(JSON.stringify(secret))} &`)).toContain('[secret]')
  }
})

test('what stands for a secret is not searched for secrets', () => {
  for (const secret of ['secret', 'e', '[']) expect(redactionOf(() => [secret]).clean(`a ${secret} b`)).toBe('a [secret] b')
})

test('a list of the numbers of bytes, or of characters, is replaced, another list stays', () => {
  const { clean } = redactionOf(() => ['key-12345'])
  const bytes = [...Buffer.from('a key-12345 b')]
  expect(cleanDeep({ type: 'Buffer', data: bytes, again: { ...bytes } }, clean)).toEqual({ type: 'Buffer', data: '97,32,[secret],32,98', again: '97,32,[secret],32,98' })
  expect(cleanDeep([...'a key-12345 b'], clean)).toBe('a [secret] b')
  expect(cleanDeep({ data: [1, 2, 3], names: ['a', 'b'], empty: [], one: { 1: 2, 2: 3 } }, clean)).toEqual({ data: [1, 2, 3], names: ['a', 'b'], empty: [], one: { 1: 2, 2: 3 } })
})
