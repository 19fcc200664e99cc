// The time of a call beside the official SDK's and a bare fetch's, with a stub fetch: medians of interleaved rounds.
import { officialApi, ourClient } from './contenders.mjs'
import { figure } from './figure.mjs'
import { microsecondsPerCall } from './rounds.mjs'
import { account, answering, record } from './stub.mjs'

const fips = `https://api.scaleway.com/flexible-ip/v1alpha1/zones/${account.zone}/fips`
const one = record(2)
const hundred = { total_count: 100, flexible_ips: Array.from({ length: 100 }, (_, number) => record(number)) }

/** Gives two figures for each call. */
export async function calls() {
  const figures = []
  for (const { name, aim, load, contenders } of measured) {
    const { ours, official, bare } = await microsecondsPerCall(contenders, load)
    figures.push(figure({ name: `${name}, beside the official SDK`, ours, other: official, unit: 'µs', atMost: aim }))
    figures.push(figure({ name: `${name}, beside a bare fetch`, ours, other: bare, unit: 'µs' }))
  }
  return figures
}

/**
 * `aim`: at most so much of the official SDK's time. A round is short, about 1 ms: then most are not
 * interrupted by whatever else runs, and the median is of those.
 */
const measured = [
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
  const client = ourClient(fetch, account)
  const api = officialApi(fetch, account)
  return {
    ours: () => ours(client),
    official: () => official(api),
    bare: async () => (await bare(fetch)).json(),
  }
}
