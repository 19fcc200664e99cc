/**
 * Decodes the text of a WebAssembly module. Each sign is a byte, so that a compressor finds in the text what it
 * would find in the module: hexadecimal digits are 6 % larger after it. See docs/decisions/036-module-as-text.md.
 *
 * The 90 signs are printable ASCII without `"`, `<`, `\`, `}` and `~`. They stand for the values below 67 and above
 * 104. Behind a `}` a sign stands for a value from 67 on, which are the rarest; `~` before it adds 128.
 */
export function decodeModule(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  let length = 0
  let high = 0
  let rare = false
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place)
    if (code === 126) high = 128
    else if (code === 125) rare = true
    else {
      const sign = code - 32 - Number(code > 34) - Number(code > 60) - Number(code > 92)
      bytes[length++] = high + sign + (rare ? 67 : sign < 67 ? 0 : 38)
      high = 0
      rare = false
    }
  }
  return bytes.subarray(0, length)
}
