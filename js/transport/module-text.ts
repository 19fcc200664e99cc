/**
 * Decodes the text of a WebAssembly module. Each sign is a byte, so that a compressor finds in the text what it
 * would find in the module: hexadecimal digits are 6 % larger after it. See docs/decisions/036-module-as-text.md.
 *
 * The 90 signs are printable ASCII without `"`, `<`, `\`, `}` and `~`. They stand for the values below 67 and above
 * 104. Behind a `}` a sign stands for a value from 67 on, which are the rarest; `~` before it adds 128.
 *
 * A small module does the work: this code runs once, and an interpreter takes three times as long for it.
 */
export function decodeModule(text: string): Uint8Array<ArrayBuffer> {
  const { memory, decode } = new WebAssembly.Instance(new WebAssembly.Module(decoder)).exports as { memory: WebAssembly.Memory; decode: (end: number) => number }
  memory.grow(text.length / 65_536 + 1)
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer)
  for (let code = 32; code < 125; code++) {
    const sign = code - 32 - Number(code > 34) - Number(code > 60) - Number(code > 92)
    bytes[code] = sign < 67 ? sign : sign + 38
  }
  bytes[125] = 67
  bytes[126] = 128
  bytes.set(new TextEncoder().encode(text), 128)
  return bytes.subarray(128, decode(128 + text.length))
}

/** The bytes of `module-text.wat`; a test compares them. */
const decoder = /* @__PURE__ */ new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 19, 2, 6, 109, 101, 109, 111,
  114, 121, 2, 0, 6, 100, 101, 99, 111, 100, 101, 0, 0, 10, 77, 1, 75, 1, 4, 127, 65, 128, 1, 34, 1, 33, 2, 3, 64, 32,
  0, 32, 1, 75, 4, 64, 32, 2, 32, 4, 32, 1, 45, 0, 0, 34, 3, 45, 0, 0, 106, 34, 4, 58, 0, 0, 32, 3, 65, 253, 0, 73, 34,
  3, 32, 2, 106, 33, 2, 65, 0, 32, 4, 32, 3, 27, 33, 4, 32, 1, 65, 1, 106, 33, 1, 12, 1, 11, 11, 32, 2, 11,
])
