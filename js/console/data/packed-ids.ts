// Ids in the URL: many in few characters, and a digest of more than it can hold.

/** The most ids that are packed. A URL of more would be too long for some servers. */
export const packedMax = 300
const mark = '~'
const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const bytesOfId = 16

/** Ids as base64url after `~`, 16 bytes each. Undefined if one of them is not a UUID. */
export function pack(ids: Iterable<string>): string | undefined {
  let bytes = ''
  for (const id of ids) {
    if (!idPattern.test(id)) return undefined
    for (const [pair] of id.replaceAll('-', '').matchAll(/../g)) bytes += String.fromCharCode(Number.parseInt(pair, 16))
  }
  return mark + btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The ids of a packed text. None if it is damaged, undefined if it is not packed. */
export function unpack(text: string): string[] | undefined {
  if (!text.startsWith(mark)) return undefined
  let bytes: string
  try {
    bytes = atob(text.slice(mark.length).replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return []
  }
  if (bytes.length % bytesOfId !== 0) return []
  const digits = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  return Array.from(digits.matchAll(/(.{8})(.{4})(.{4})(.{4})(.{12})/g), (parts) => parts.slice(1).join('-'))
}

/** How many ids there are, and a sum over them in which their order does not count. */
export function digestOf(ids: Iterable<string>): string {
  let count = 0
  let sum = 0
  for (const id of ids) {
    // FNV-1a of 32 bits.
    let hash = 0x811c9dc5
    for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
    sum = (sum + (hash >>> 0)) % 0x1_0000_0000
    count += 1
  }
  return `${count}.${sum.toString(16).padStart(8, '0')}`
}
