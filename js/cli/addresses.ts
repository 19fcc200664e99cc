// Which flexible IP has an address.
import { BlockList } from 'node:net'
import { type FlexibleIP, parseIp } from '../index.js'

const ids = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g

/** A text of the library, which names flexible IPs by their ids, with the addresses in place of those that are known. */
export function namedByAddress(text: string, addressOf: (id: string) => string | undefined): string {
  return text.replace(ids, (id) => addressOf(id) ?? id)
}

/** The flexible IPs that are this address, or the block that has it. A wider block than that of a flexible IP is none. */
export function ipsWith<Ip extends Pick<FlexibleIP, 'ipAddress'>>(text: string, ips: readonly Ip[]): Ip[] {
  const wanted = parseIp(text)
  if (!wanted) return []
  const family = wanted.family === 4 ? 'ipv4' : 'ipv6'
  return ips.filter(({ ipAddress }) => {
    const own = parseIp(ipAddress)
    if (own?.family !== wanted.family || wanted.prefixLength < own.prefixLength) return false
    const block = new BlockList()
    block.addSubnet(own.address, own.prefixLength, family)
    return block.check(wanted.address, family)
  })
}
