// Addresses as texts. What is returned has only digits, letters, dots and colons: it fits every format without quotes.

/** The IPv4 address of a text, which may end with /32. */
export function ipv4(text: string): string | undefined {
  const address = text.replace(/\/32$/, '')
  const parts = address.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255) ? address : undefined
}

/** The first address after the base of an IPv6 block of 64 bits, which a host or a virtual machine takes. */
export function ipv6OfBlock(text: string): string | undefined {
  const [address = '', prefix, ...more] = text.split('/')
  const groups = groupsOf(address)
  if (!groups || prefix !== '64' || more.length > 0 || groups.slice(4).some((group) => group !== 0)) return undefined
  return shortened([...groups.slice(0, 7), 1])
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

/** The eight groups of an IPv6 address without a zone index. */
function groupsOf(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2 || text.length > 39) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail]
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : undefined
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
