// The addresses of the flexible IPs that this page has read. The log names one by its address also after it was deleted.
import type { FlexibleIP } from 'flexip/slim'

const addresses = new Map<string, string>()

export function noteAddresses(ips: readonly FlexibleIP[]): void {
  for (const { id, ipAddress } of ips) addresses.set(id, ipAddress)
}

export const readAddressOf = (id: string): string | undefined => addresses.get(id)
