import { readFileSync } from 'node:fs'
import binaryen from 'binaryen'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeModule } from '../../js/transport/module-text.js'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { encodeModule, moduleStart } from '../../scripts/module-text.mjs'

const encode = encodeModule as (bytes: Uint8Array) => string

test('every string of bytes comes back from its text, which is printable ASCII that no string literal escapes and no page ends at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = encode(bytes)
      expect(text).toMatch(/^[ !#-;=-[\]-~]*$/)
      expect(decodeModule(text)).toEqual(bytes)
    }),
    { numRuns: 2_000 },
  )
})

test('no two of the 256 bytes have the same text, and the longest are three signs', () => {
  const texts = Array.from({ length: 256 }, (_, byte) => encode(Uint8Array.of(byte)))
  expect(new Set(texts).size).toBe(256)
  expect(texts.filter((text) => text.length === 1)).toHaveLength(90)
  expect(texts.filter((text) => text.length > 3)).toEqual([])
})

test.each(['client', 'emulator'])('the module of the %s comes back from its text, which is at most a fifth longer', (module) => {
  const wasm = readFileSync(new URL(`../../pkg/${module}.wasm`, import.meta.url))
  const text = encode(wasm)
  expect(text.startsWith(moduleStart as string)).toBe(true)
  expect(text.length).toBeLessThan(1.2 * wasm.length)
  expect(Buffer.compare(decodeModule(text), wasm)).toBe(0)
})

test('the bytes of the decoder are those of module-text.wat', () => {
  const folder = new URL('../../js/transport/', import.meta.url)
  const module = binaryen.parseText(readFileSync(new URL('module-text.wat', folder), 'utf8'))
  binaryen.setOptimizeLevel(2)
  binaryen.setShrinkLevel(2)
  module.optimize()
  const [, written = ''] = /new Uint8Array\(\[([^\]]*)\]/.exec(readFileSync(new URL('module-text.ts', folder), 'utf8')) ?? []
  expect(written.match(/\d+/g)?.map(Number)).toEqual([...module.emitBinary()])
})
