// The time of a call that needs a machine of the core: duplicateMACAddr, which reads both flexible IPs first and
// sends nothing else if they are on different servers. Beside it, the official SDK with the same requests by hand.
import { officialApi, ourClient } from './contenders.mjs'
import { figure } from './figure.mjs'
import { microsecondsPerCall } from './rounds.mjs'
import { account, record, respondingByUrl } from './stub.mjs'

const source = record(2)
const { mac_address: mac, ...withoutMac } = record(4)
const destination = { ...withoutMac, server_id: source.server_id, mac_address: null }

/** Returns the figure: the median time in microseconds. `quick` takes a fifth of the rounds. */
export async function machine({ quick = false } = {}) {
  const fips = `https://api.scaleway.com/flexible-ip/v1alpha1/zones/${account.zone}/fips`
  const fetch = respondingByUrl({
    [`${fips}/${source.id}`]: source,
    [`${fips}/${destination.id}`]: destination,
    [`${fips}/${destination.id}/mac/duplicate`]: { ...destination, mac_address: { ...mac, mac_address: source.mac_address.mac_address } },
  })
  const client = ourClient(fetch, account)
  const api = officialApi(fetch, account)
  const request = { fipId: destination.id, duplicateFromFipId: source.id }
  const contenders = {
    ours: () => client.duplicateMACAddr(request),
    official: () => duplicateByHand(api, request),
  }
  for (const [name, call] of Object.entries(contenders)) {
    const { macAddress } = await call()
    if (macAddress.macAddress !== source.mac_address.mac_address) throw new Error(`${name} did not duplicate the MAC address`)
  }
  const { ours, official } = await microsecondsPerCall(contenders, { warmUpCalls: 2000, rounds: quick ? 120 : 600, callsPerRound: 10 })
  return [figure({ name: 'duplicate with preflight, beside the official SDK by hand', ours, other: official, unit: 'µs', atMost: 1 })]
}

/** The same requests in the same order: both flexible IPs at once, then the change. */
async function duplicateByHand(api, { fipId, duplicateFromFipId }) {
  const [destination, source] = await Promise.all([api.getFlexibleIP({ fipId }), api.getFlexibleIP({ fipId: duplicateFromFipId })])
  if (!source.serverId || source.serverId !== destination.serverId) throw new Error('the flexible IPs are not on one server')
  return api.duplicateMACAddr({ fipId, duplicateFromFipId })
}
