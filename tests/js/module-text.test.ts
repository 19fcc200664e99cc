import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import binaryen from 'binaryen'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeModule } from '../../js/transport/module-text.js'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { encodeBytes, encodeModule, moduleStart } from '../../scripts/module-text.mjs'

const encode = encodeModule as (bytes: Uint8Array) => string
const signs = encodeBytes as (bytes: Uint8Array) => string

test('every string of bytes comes back from its text, which is printable ASCII that no string literal escapes and no page ends at', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), comesBack), { numRuns: 2_000 })
})

test('a module with any bytes for bodies comes back from its text', () => {
  fc.assert(fc.property(fc.array(body()), fc.uint8Array({ maxLength: 20 }), (bodies, rest) => comesBack(moduleOf(bodies, rest))), { numRuns: 3_000 })
})

test('what begins as a module and ends or changes anywhere comes back from its text', () => {
  fc.assert(
    fc.property(fc.array(body(), { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(), fc.nat(255), (bodies, end, place, byte) => {
      const bytes = moduleOf(bodies, [])
      comesBack(bytes.subarray(0, end % bytes.length))
      comesBack(bytes.map((old, at) => (at === place % bytes.length ? byte : old)))
    }),
    { numRuns: 2_000 },
  )
})

const instructions: [string, number[]][] = [
  ['a number with a byte too many', [0x41, 0x80, 0x00]],
  ['a negative number with a byte too many', [0x41, 0xff, 0x7f]],
  ['the lowest number of 64 bits', [0x42, ...Array<number>(9).fill(0x80), 0x7f]],
  ['the highest number of 64 bits', [0x42, ...Array<number>(9).fill(0xff), 0x00]],
  ['a number of more than 64 bits', [0x42, ...Array<number>(9).fill(0xff), 0x01]],
  ['a number without an end', [0x41, 0x80]],
  ['a table of labels', [0x0e, 2, 0, 1, 0x80, 1]],
  ['a fraction', [0x44, 1, 2, 3, 0x41, 0x80, 0, 0xf0, 0x3f]],
  ['the copying of memory', [0xfc, 10, 0, 0]],
  ['the opcodes that the encoding uses itself', [6, 7]],
  ['an opcode that no list has', [0xff, 0x41]],
]
test.each(instructions)('%s comes back in a body, and so does what is behind it', (_, instruction) => {
  comesBack(moduleOf([[0, ...instruction, 0x0b], [0, ...instruction, 0x20, 3, 0x0b], [1, 2, 0x7f, ...instruction, 0x0b]], [11, 1, 0]))
})

/** Locals, any bytes and `end`; among the bytes are more of the opcodes with numbers than chance would bring. */
function body() {
  const opcode = fc.constantFrom(0x02, 0x06, 0x07, 0x0b, 0x0e, 0x10, 0x11, 0x20, 0x21, 0x28, 0x36, 0x41, 0x42, 0x44, 0xfc)
  const locals = fc.array(fc.tuple(fc.integer({ min: 1, max: 127 }), fc.constantFrom(0x7e, 0x7f)), { maxLength: 3 })
  const bytes = fc.array(fc.oneof(opcode, fc.nat(255)), { maxLength: 60 })
  return fc.tuple(locals, bytes).map(([groups, code]) => [groups.length, ...groups.flat(), ...code, 0x0b])
}

function moduleOf(bodies: number[][], rest: Iterable<number>): Uint8Array {
  const code = [...leb(bodies.length), ...bodies.flatMap((bytes) => [...leb(bytes.length), ...bytes])]
  return Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 1, 0, 10, ...leb(code.length), ...code, ...rest)
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [128 + (value % 128), ...leb(Math.floor(value / 128))]
}

function comesBack(bytes: Uint8Array): void {
  const text = encode(bytes)
  expect(text).toMatch(/^[ !#-;=-[\]-~]*$/)
  // Strings, because the comparison of two arrays takes a thousand times as long.
  expect(Buffer.from(decodeModule(text)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'))
}

test('no two of the 256 bytes have the same text, and the longest are three signs', () => {
  const texts = Array.from({ length: 256 }, (_, byte) => signs(Uint8Array.of(byte)))
  expect(new Set(texts).size).toBe(256)
  expect(texts.filter((text) => text.length === 1)).toHaveLength(90)
  expect(texts.filter((text) => text.length > 3)).toEqual([])
})

test.each(['client', 'emulator'])('the module of the %s comes back from its text, which is at most a fifth longer, and shorter by a tenth when it is compressed', (module) => {
  const wasm = readFileSync(new URL(`../../pkg/${module}.wasm`, import.meta.url))
  const text = encode(wasm)
  expect(text.startsWith(moduleStart as string)).toBe(true)
  expect(text.length).toBeLessThan(1.2 * wasm.length)
  expect(Buffer.compare(decodeModule(text), wasm)).toBe(0)
  expect(gzipSync(text).length).toBeLessThan(0.9 * gzipSync(signs(wasm)).length)
})

test('the bytes of the decoder are those of module-text.wat', () => {
  const folder = new URL('../../js/transport/', import.meta.url)
  const module = binaryen.parseText(readFileSync(new URL('module-text.wat', folder), 'utf8'))
  module.setFeatures(binaryen.Features.MVP | binaryen.Features.BulkMemory | binaryen.Features.BulkMemoryOpt)
  binaryen.setOptimizeLevel(2)
  binaryen.setShrinkLevel(2)
  module.optimize()
  const [, written = ''] = /new Uint8Array\(\[([^\]]*)\]/.exec(readFileSync(new URL('module-text.ts', folder), 'utf8')) ?? []
  expect(written.match(/\d+/g)?.map(Number)).toEqual([...module.emitBinary()])
})
