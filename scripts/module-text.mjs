// A WebAssembly module as text that a script can contain: js/transport/module-text.ts decodes it and describes it.

// Printable ASCII but for the signs of the encoding, for what a string literal would escape, and for <, which could
// end a script in a page.
const signs = Array.from({ length: 95 }, (_, place) => String.fromCharCode(32 + place)).filter((sign) => !'"\\<}~'.includes(sign))
const firstRare = 67
const rare = 128 - signs.length

/** Each byte as a sign, or as two or three. */
export function encodeBytes(bytes) {
  return Array.from(bytes, (byte) => (byte < 128 ? low(byte) : `~${low(byte - 128)}`)).join('')
}

function low(value) {
  const place = value - firstRare
  if (place < 0) return signs[value]
  return place < rare ? `}${signs[place]}` : signs[value - rare]
}

// The streams: opcodes with everything that is copied, then a stream for each kind of number behind an opcode.
const [opcodes, gets, sets, calls, labels, loads, stores, others, blocks, wides, constants] = Array.from({ length: 11 }, (_, stream) => stream)
const firstSigned = blocks
// Behind each other in the order in which brotli leaves least.
const order = [others, blocks, labels, sets, gets, opcodes, calls, stores, loads, wides, constants]

/** For each opcode the streams of its numbers. Of another opcode, a run has the whole instruction. */
const numbersOf = new Map([
  ...range(0x00, 0x01, []),
  ...range(0x02, 0x04, [blocks]),
  ...range(0x05, 0x05, []),
  ...range(0x0b, 0x0b, []),
  ...range(0x0c, 0x0d, [labels]),
  ...range(0x0f, 0x0f, []),
  ...range(0x10, 0x10, [calls]),
  ...range(0x11, 0x11, [others, others]),
  ...range(0x1a, 0x1b, []),
  ...range(0x20, 0x20, [gets]),
  ...range(0x21, 0x22, [sets]),
  ...range(0x23, 0x24, [others]),
  ...range(0x28, 0x35, [others, loads]),
  ...range(0x36, 0x3e, [others, stores]),
  ...range(0x3f, 0x40, [others]),
  ...range(0x41, 0x41, [constants]),
  ...range(0x42, 0x42, [wides]),
  ...range(0x45, 0xc4, []),
])
// Two opcodes that no module has.
const endOfBody = 0x06
const runFollows = 0x07

const table = Array.from({ length: 256 }, (_, opcode) => {
  const [first = 0, second = 0] = numbersOf.get(opcode) ?? []
  return first + 16 * second
})

/** How the text of every module begins. */
export const moduleStart = encodeBytes(table)

export function encodeModule(bytes) {
  const streams = order.map(() => [])
  if (!encodeBodies(bytes, streams)) {
    for (const stream of streams) stream.length = 0
    for (const run of [bytes, [], []]) putRun(streams, run)
  }
  const starts = new Uint32Array(16)
  let start = firstByte + table.length + 4 * starts.length
  for (const stream of order) {
    starts[stream] = start
    start += streams[stream].length
  }
  return moduleStart + encodeBytes(new Uint8Array(starts.buffer)) + order.map((stream) => encodeBytes(streams[stream])).join('')
}

/** Where the decoder has the first byte. */
const firstByte = 128

/** Whether the bytes are a module with code whose bodies all end as they must. */
function encodeBodies(bytes, streams) {
  const code = findCode(bytes)
  if (!code) return false
  const { count, end } = code
  let { at } = code
  putRun(streams, bytes.subarray(0, at))
  for (let body = 0; body < count; body++) {
    const size = shortNumber(bytes, at, end)
    if (!size || size.next + size.value > end) return false
    at = size.next + Number(size.value)
    if (!encodeBody(bytes.subarray(size.next, at), streams)) return false
  }
  putRun(streams, [])
  putRun(streams, bytes.subarray(at))
  return true
}

function findCode(bytes) {
  for (let at = 8; at < bytes.length; ) {
    const size = shortNumber(bytes, at + 1, bytes.length)
    if (!size) return
    const end = size.next + size.value
    if (end > bytes.length) return
    if (bytes[at] === 10) {
      const count = shortNumber(bytes, size.next, end)
      return count && { count: count.value, at: count.next, end }
    }
    at = end
  }
}

/** A number of up to four bytes that has no byte too many. */
function shortNumber(bytes, at, end) {
  const number = readNumber(bytes, at, end, false)
  return number && number.next - at < 5 ? { value: Number(number.value), next: number.next } : undefined
}

function encodeBody(body, streams) {
  let at = endOfLocals(body)
  if (at === undefined) return false
  putRun(streams, body.subarray(0, at))
  while (at < body.length - 1) {
    const start = at
    const numbers = (numbersOf.get(body[at++]) ?? [undefined]).map((stream) => {
      const number = stream === undefined ? undefined : readNumber(body, at, body.length - 1, stream >= firstSigned)
      at = number?.next ?? at
      return { stream, ...number }
    })
    if (numbers.every(({ value }) => value !== undefined)) {
      streams[opcodes].push(body[start])
      for (const { stream, value } of numbers) putNumber(streams[stream], value)
    } else {
      at = endOfInstruction(body, start)
      streams[opcodes].push(runFollows)
      putRun(streams, body.subarray(start, at))
    }
  }
  if (at !== body.length - 1 || body[at] !== 0x0b) return false
  streams[opcodes].push(endOfBody)
  return true
}

function endOfLocals(body) {
  let at = skip(body, 0)
  for (let groups = body[0]; groups > 0; groups--) at = skip(body, at) + 1
  return body[0] < 128 && at < body.length ? at : undefined
}

/** Behind an instruction that a run has. If it is an unknown one, behind its opcode: what follows is encoded all the same. */
function endOfInstruction(body, start) {
  const at = start + 1
  let end = at
  if (body[start] === 0x0e) {
    end = skip(body, at)
    for (let count = body[at]; count >= 0; count--) end = skip(body, end)
  } else if (body[start] === 0x43) end = at + 4
  else if (body[start] === 0x44) end = at + 8
  else if (body[start] === 0xfc) for (let numbers = body[at] === 10 ? 3 : 2; numbers > 0; numbers--) end = skip(body, end)
  return end < body.length ? end : at
}

function skip(bytes, at) {
  while (bytes[at] >= 128) at++
  return at + 1
}

/** A LEB128 number, a signed one as twice its value, or twice its complement and one; none if it is not the shortest form. */
function readNumber(bytes, at, end, signed) {
  let value = 0n
  for (let next = at; next < Math.min(end, at + 10); next++) {
    const byte = BigInt(bytes[next])
    const place = 7n * BigInt(next - at)
    value += (byte & 127n) << place
    if (byte >= 128) continue
    const negative = signed && byte >= 64
    if (negative) value = (128n << place) - 1n - value
    const shortest = next === at || value >> (place - (signed ? 1n : 0n)) > 0n
    const code = signed ? 2n * value + (negative ? 1n : 0n) : value
    return shortest && code < 1n << 64n ? { value: code, next: next + 1 } : undefined
  }
}

function putRun(streams, bytes) {
  putNumber(streams[opcodes], bytes.length)
  for (const byte of bytes) streams[opcodes].push(byte)
}

// The last digit is below 64, and those before it are from 105 on: each is one sign.
function putNumber(stream, value) {
  const digits = [Number(BigInt(value) % 64n)]
  for (let rest = BigInt(value) / 64n; rest > 0n; rest /= 23n) digits.unshift(105 + Number(rest % 23n))
  stream.push(...digits)
}

function range(first, last, streams) {
  return Array.from({ length: last - first + 1 }, (_, place) => [first + place, streams])
}
