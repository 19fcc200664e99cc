// The time of a call of our client, of the official SDK and of fetch alone, all with a stub of fetch. Browsers run
// this too (browsers.mjs).
import { officialApi, ourClient } from './contenders.mjs'
import { figure } from './figure.mjs'
import { microsecondsPerCall } from './rounds.mjs'
import { account, responding, record } from './stub.mjs'

const fips = `https://api.scaleway.com/flexible-ip/v1alpha1/zones/${account.zone}/fips`
const one = record(2)
const hundred = { total_count: 100, flexible_ips: Array.from({ length: 100 }, (_, number) => record(number)) }

/** Returns two figures for each call: the median time in microseconds. `quick` takes a fifth of the rounds. */
export async function calls({ quick = false } = {}) {
  const figures = []
  for (const { name, aim, ours, official, bare } of await timesOfCalls({ quick })) {
    figures.push(figure({ name: `${name}, beside the official SDK`, ours, other: official, unit: 'µs', atMost: aim }))
    figures.push(figure({ name: `${name}, beside a bare fetch`, ours, other: bare, unit: 'µs' }))
  }
  return figures
}

/** The median microseconds of each call: `{ name, aim, ours, official, bare }`. */
export async function timesOfCalls({ quick = false } = {}) {
  const times = []
  for (const { name, aim, load, contenders } of cases) {
    const rounds = quick ? Math.ceil(load.rounds / 5) : load.rounds
    times.push({ name, aim, ...(await microsecondsPerCall(contenders, { ...load, rounds })) })
  }
  return times
}

/**
 * `aim`: the largest ratio to the official SDK's time. A round takes about 1 ms, so that other processes
 * interrupt few rounds and the median is of undisturbed ones.
 */
const cases = [
  {
    name: 'get',
    aim: 0.58,
    load: { warmUpCalls: 5000, rounds: 900, callsPerRound: 20 },
    contenders: contenders(one, {
      ours: (client) => client.getFlexibleIP({ fipId: one.id }),
      official: (api) => api.getFlexibleIP({ fipId: one.id }),
      bare: (fetch) => fetch(`${fips}/${one.id}`, { headers: { 'X-Auth-Token': account.secretKey } }),
    }),
  },
  {
    name: 'create',
    aim: 0.42,
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
    aim: 0.85,
    load: { warmUpCalls: 500, rounds: 450, callsPerRound: 3 },
    contenders: contenders(hundred, {
      ours: (client) => client.listFlexibleIPs({ pageSize: 100 }),
      official: (api) => api.listFlexibleIPs({ pageSize: 100 }),
      bare: (fetch) => fetch(`${fips}?page_size=100`, { headers: { 'X-Auth-Token': account.secretKey } }),
    }),
  },
]

function contenders(body, { ours, official, bare }) {
  const fetch = responding(body)
  const client = ourClient(fetch, account)
  const api = officialApi(fetch, account)
  return {
    ours: () => ours(client),
    official: () => official(api),
    bare: async () => (await bare(fetch)).json(),
  }
}
