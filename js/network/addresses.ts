// Addresses as texts. What is returned has only digits, letters, dots, colons and slashes: it fits every format without quotes.

/** An address with a prefix length. An IPv4 address that is written as one of IPv6 is one of IPv4. */
export interface Network {
  /** The address in the spelling of RFC 5952. */
  address: string
  family: 4 | 6
  prefixLength: number
}

/** Reads an address of any spelling, with or without a prefix length. */
export function network(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const groups = groupsOf(address)
  const four = octetsOf(address)
  if (!groups && !four) return undefined
  const longest = groups ? 128 : 32
  const prefix = slash < 0 ? longest : prefixOf(text.slice(slash + 1))
  if (prefix === undefined || prefix > longest) return undefined
  const mapped = groups && mappedOf(groups)
  if (mapped && prefix >= 96) return { family: 4, address: mapped, prefixLength: prefix - 96 }
  return groups ? { family: 6, address: mapped ? `::ffff:${mapped}` : shortened(groups), prefixLength: prefix } : { family: 4, address, prefixLength: prefix }
}

/** Whether every address of `other` is in `block`. */
export function contains(block: Network, other: Network): boolean {
  return block.family === other.family && block.prefixLength <= other.prefixLength && bitsOf(other).startsWith(bitsOf(block).slice(0, block.prefixLength))
}

/** The IPv4 address of a text, which may end with /32. */
export function ipv4(text: string): string | undefined {
  const address = text.replace(/\/32$/, '')
  return octetsOf(address) && address
}

/** The first address after the base of an IPv6 block of 64 bits, which a host or a virtual machine takes. */
export function ipv6OfBlock(text: string): string | undefined {
  const [address = '', prefix, ...more] = text.split('/')
  const groups = groupsOf(address)
  if (!groups || prefix !== '64' || more.length > 0 || groups.slice(4).some((group) => group !== 0)) return undefined
  return shortened([...groups.slice(0, 7), 1])
}

/** That address of the block of 64 bits in which an IPv6 address is. */
export function ipv6OfBlockOf(address: string): string | undefined {
  const groups = groupsOf(address)
  return groups && shortened([...groups.slice(0, 4), 0, 0, 0, 1])
}

/** An IPv6 address that a gateway can have, in its short spelling: link-local, or a global one. */
export function gatewayAddress(text: string): string | undefined {
  const groups = groupsOf(text)
  const [first = 0] = groups ?? []
  const isUsable = (first & 0xffc0) === 0xfe80 || (first & 0xe000) === 0x2000
  return groups && isUsable ? shortened(groups) : undefined
}

/** A MAC address of one machine, in lower case with colons. */
export function mac(text: string): string | undefined {
  const isMac = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text) && (Number.parseInt(text.slice(0, 2), 16) & 1) === 0
  return isMac ? text.toLowerCase().replaceAll('-', ':') : undefined
}

/** The four numbers of an IPv4 address. */
function octetsOf(text: string): number[] | undefined {
  const parts = text.split('.', 5)
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255) ? parts.map(Number) : undefined
}

function bitsOf({ address, family }: Network): string {
  const parts = family === 4 ? octetsOf(address) : groupsOf(address)
  return (parts ?? []).map((part) => part.toString(2).padStart(family === 4 ? 8 : 16, '0')).join('')
}

function prefixOf(digits: string): number | undefined {
  return /^\d+$/.test(digits) ? Number(digits) : undefined
}

/** The eight groups of an IPv6 address without a zone index. The last two may be written as an IPv4 address. */
function groupsOf(text: string): number[] | undefined {
  if (text.length > 45) return undefined
  const [first = '', second, ...more] = hexOf(text).split('::')
  if (more.length > 0) return undefined
  const head = partsOf(first)
  const tail = partsOf(second ?? '')
  const missing = 8 - head.length - tail.length
  if (second === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail]
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : undefined
}

function partsOf(half: string): string[] {
  return half === '' ? [] : half.split(':')
}

/** The text with an IPv4 address at its end as two groups. */
function hexOf(text: string): string {
  const start = text.lastIndexOf(':') + 1
  const octets = start > 0 && octetsOf(text.slice(start))
  if (!octets) return text
  const [one = 0, two = 0, three = 0, four = 0] = octets
  return `${text.slice(0, start)}${((one << 8) | two).toString(16)}:${((three << 8) | four).toString(16)}`
}

/** The IPv4 address in groups of `::ffff:0:0/96`. */
function mappedOf(groups: readonly number[]): string | undefined {
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535'
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : undefined
}

/** The spelling of RFC 5952: the first of the longest runs of zeros, of two or more, is left out. */
function shortened(groups: readonly number[]): string {
  let best = { start: 0, length: 1 }
  for (let start = 0; start < groups.length; start += 1) {
    let end = start
    while (groups[end] === 0) end += 1
    if (end - start > best.length) best = { start, length: end - start }
  }
  const hex = groups.map((group) => group.toString(16))
  if (best.length < 2) return hex.join(':')
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`
}
