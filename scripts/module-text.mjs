// A WebAssembly module as text that a script can contain: js/transport/module-text.ts decodes it and describes it.

// Printable ASCII but for the signs of the encoding, for what a string literal would escape, and for <, which could
// end a script in a page.
const signs = Array.from({ length: 95 }, (_, place) => String.fromCharCode(32 + place)).filter((sign) => !'"\\<}~'.includes(sign))
const firstRare = 67
const rare = 128 - signs.length

export function encodeModule(bytes) {
  return Array.from(bytes, (byte) => (byte < 128 ? low(byte) : `~${low(byte - 128)}`)).join('')
}

/** How the text of every module begins. */
export const moduleStart = encodeModule([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0])

function low(value) {
  const place = value - firstRare
  if (place < 0) return signs[value]
  return place < rare ? `}${signs[place]}` : signs[value - rare]
}
