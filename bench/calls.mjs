// What is measured: three calls, each by us, by the official SDK, and by hand.
import { createAdvancedClient, withHTTPClient, withProfile } from '@scaleway/sdk-client'
import { Flexibleipv1alpha1 } from '@scaleway/sdk-flexibleip'
import { FlexibleIpClient } from 'flexip'
import { account, answering, record } from './stub.mjs'

const fips = `https://api.scaleway.com/flexible-ip/v1alpha1/zones/${account.zone}/fips`
const one = record(2)
const hundred = { total_count: 100, flexible_ips: Array.from({ length: 100 }, (_, number) => record(number)) }

/**
 * `aim`: at most so much of the official SDK's time. A round is short, about 1 ms: then most are not
 * interrupted by whatever else runs, and the median is of those.
 */
export const calls = [
  {
    name: 'get',
    aim: 0.6,
    load: { warmUpCalls: 5000, rounds: 900, callsPerRound: 20 },
    contenders: contenders(one, {
      ours: (client) => client.getFlexibleIP({ fipId: one.id }),
      official: (api) => api.getFlexibleIP({ fipId: one.id }),
      bare: (fetch) => fetch(`${fips}/${one.id}`, { headers: { 'X-Auth-Token': account.secretKey } }),
    }),
  },
  {
    name: 'create',
    aim: 0.7,
    load: { warmUpCalls: 5000, rounds: 900, callsPerRound: 20 },
    contenders: contenders(one, {
      ours: (client) => client.createFlexibleIP({ description: 'mail relay', tags: ['prod', 'rack-2'], isIpv6: false }),
      official: (api) => api.createFlexibleIP({ description: 'mail relay', tags: ['prod', 'rack-2'], isIpv6: false }),
      bare: (fetch) =>
        fetch(fips, {
          method: 'POST',
          headers: { 'X-Auth-Token': account.secretKey, 'Content-Type': 'application/json' },
          body: JSON.stringify({
            project_id: account.projectId,
            description: 'mail relay',
            tags: ['prod', 'rack-2'],
            is_ipv6: false,
          }),
        }),
    }),
  },
  {
    name: 'list of 100',
    aim: 1.0,
    load: { warmUpCalls: 500, rounds: 450, callsPerRound: 3 },
    contenders: contenders(hundred, {
      ours: (client) => client.listFlexibleIPs({ pageSize: 100 }),
      official: (api) => api.listFlexibleIPs({ pageSize: 100 }),
      bare: (fetch) => fetch(`${fips}?page_size=100`, { headers: { 'X-Auth-Token': account.secretKey } }),
    }),
  },
]

function contenders(answer, { ours, official, bare }) {
  const fetch = answering(answer)
  const client = ourClient(fetch)
  const api = officialApi(fetch)
  return {
    ours: () => ours(client),
    official: () => official(api),
    bare: async () => (await bare(fetch)).json(),
  }
}

function ourClient(fetch) {
  const { secretKey, zone, projectId } = account
  return new FlexibleIpClient({ secretKey, fetch, defaultZone: zone, defaultProjectId: projectId })
}

function officialApi(fetch) {
  const { accessKey, secretKey, zone, projectId } = account
  const profile = { accessKey, secretKey, defaultZone: zone, defaultProjectId: projectId }
  return new Flexibleipv1alpha1.API(createAdvancedClient(withProfile(profile), withHTTPClient(fetch)))
}
