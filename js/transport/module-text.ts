/**
 * Decodes the text of a WebAssembly module. Its parts stand apart, so that a compressor finds more repetitions than in
 * the module: see docs/decisions/057-streams-of-the-module.md.
 *
 * A text is a text of bytes. The 90 signs are printable ASCII without `"`, `<`, `\`, `}` and `~`. They stand for the
 * values below 67 and above 104. Behind a `}` a sign stands for a value from 67 on, which are the rarest; `~` before
 * it adds 128.
 *
 * The bytes are a table, the places of the streams, and the streams. The first stream has all opcodes, and runs of
 * bytes that are copied, each behind its length. The table has for each opcode the streams of the numbers behind it:
 * one in its lower four bits, a second in the upper. In a stream, the last digit of a number is below 64, and those
 * before it, on the base 23, are from 105 on. The streams from 8 on have signed numbers: twice the number, or twice
 * its complement and one.
 *
 * The first run is the module up to the first body. A body is a run of its locals, opcodes, and a 6 in place of its
 * last `end`; behind a 7 is a run. Behind the last body are an empty run, and a run of the rest of the module.
 *
 * A small module does the work: this code runs once, and an interpreter takes three times as long for it.
 */
export function decodeModule(text: string): Uint8Array<ArrayBuffer> {
  const { memory, decode } = new WebAssembly.Instance(new WebAssembly.Module(decoder)).exports as { memory: WebAssembly.Memory; decode: (end: number) => number }
  // The module is written behind its text, and is not longer.
  memory.grow(text.length / 32_768 + 1)
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer)
  for (let code = 32; code < 125; code++) {
    const sign = code - 32 - Number(code > 34) - Number(code > 60) - Number(code > 92)
    bytes[code] = sign < 67 ? sign : sign + 38
  }
  bytes[125] = 67
  bytes[126] = 128
  bytes.set(new TextEncoder().encode(text), 128)
  const end = 128 + text.length
  return bytes.subarray(end, decode(end))
}

/** The bytes of `module-text.wat`; a test compares them. */
const decoder = /* @__PURE__ */ new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 21, 4, 96, 1, 127, 1, 127, 96, 1, 127, 1, 126, 96, 0, 1, 127, 96, 3, 126, 126, 126, 0,
  3, 5, 4, 0, 1, 2, 3, 5, 3, 1, 0, 1, 6, 6, 1, 127, 1, 65, 0, 11, 7, 19, 2, 6, 109, 101, 109, 111, 114, 121, 2, 0, 6,
  100, 101, 99, 111, 100, 101, 0, 0, 10, 237, 3, 4, 162, 2, 2, 4, 127, 1, 126, 65, 128, 1, 34, 1, 33, 2, 3, 64, 32, 0,
  32, 1, 75, 4, 64, 32, 2, 32, 4, 32, 1, 45, 0, 0, 34, 3, 45, 0, 0, 106, 34, 4, 58, 0, 0, 32, 3, 65, 253, 0, 73, 34, 3,
  32, 2, 106, 33, 2, 65, 0, 32, 4, 32, 3, 27, 33, 4, 32, 1, 65, 1, 106, 33, 1, 12, 1, 11, 11, 32, 0, 36, 0, 16, 2, 26,
  3, 64, 35, 0, 34, 2, 65, 5, 106, 34, 3, 36, 0, 16, 2, 4, 64, 3, 64, 65, 128, 3, 40, 2, 0, 34, 1, 45, 0, 0, 33, 0, 65,
  128, 3, 32, 1, 65, 1, 106, 54, 2, 0, 32, 0, 65, 7, 70, 4, 64, 16, 2, 26, 5, 35, 0, 65, 11, 32, 0, 32, 0, 65, 6, 70,
  27, 58, 0, 0, 35, 0, 65, 1, 106, 36, 0, 32, 0, 45, 0, 128, 1, 33, 1, 3, 64, 32, 1, 4, 64, 32, 1, 65, 15, 113, 34, 4,
  16, 1, 33, 5, 32, 4, 65, 8, 79, 4, 64, 32, 5, 66, 1, 136, 66, 192, 0, 66, 0, 32, 5, 66, 1, 131, 125, 16, 3, 5, 32, 5,
  66, 128, 1, 66, 0, 16, 3, 11, 32, 1, 65, 4, 118, 33, 1, 12, 1, 11, 11, 11, 32, 0, 65, 6, 71, 13, 0, 11, 35, 0, 32, 3,
  107, 33, 0, 32, 2, 36, 0, 32, 0, 173, 66, 128, 1, 66, 0, 16, 3, 35, 0, 32, 3, 32, 0, 252, 10, 0, 0, 35, 0, 32, 0, 106,
  36, 0, 12, 1, 11, 11, 32, 2, 36, 0, 16, 2, 26, 35, 0, 11, 79, 2, 2, 127, 1, 126, 32, 0, 65, 2, 116, 34, 2, 40, 2, 128,
  3, 33, 0, 3, 64, 32, 0, 45, 0, 0, 33, 1, 32, 0, 65, 1, 106, 33, 0, 32, 1, 65, 233, 0, 79, 4, 64, 32, 1, 65, 233, 0,
  107, 173, 32, 3, 66, 23, 126, 124, 33, 3, 12, 1, 11, 11, 32, 2, 32, 0, 54, 2, 128, 3, 32, 1, 173, 32, 3, 66, 6, 134,
  124, 11, 47, 1, 2, 127, 65, 0, 16, 1, 167, 33, 0, 35, 0, 65, 128, 3, 40, 2, 0, 34, 1, 32, 0, 252, 10, 0, 0, 65, 128,
  3, 32, 0, 32, 1, 106, 54, 2, 0, 35, 0, 32, 0, 106, 36, 0, 32, 0, 11, 71, 2, 1, 127, 1, 126, 35, 0, 33, 3, 3, 64, 32,
  3, 32, 0, 32, 2, 133, 34, 4, 66, 255, 0, 131, 60, 0, 0, 32, 0, 32, 1, 90, 4, 64, 32, 3, 32, 4, 66, 128, 1, 132, 60, 0,
  0, 32, 3, 65, 1, 106, 33, 3, 32, 0, 66, 7, 136, 33, 0, 12, 1, 11, 11, 32, 3, 65, 1, 106, 36, 0, 11,
])
