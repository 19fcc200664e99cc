import { officialApi, ourClient } from './contenders.mjs'
import { account, record } from './stub.mjs'
const one = record(2)
const hundred = { total_count: 100, flexible_ips: Array.from({ length: 100 }, (_, number) => record(number)) }
function stub(value) { const body = JSON.stringify(value); return async () => new Response(body, { status: 200, headers: { 'content-type': 'application/json' } }) }
const quant = (xs, q) => xs.sort((a, b) => a - b)[Math.floor(xs.length * q)]
async function run(name, value, ours, official, n = 50, rounds = 400) {
  const client = ourClient(stub(value), account), api = officialApi(stub(value), account), fetch = stub(value)
  const t = { ours: [], official: [], bare: [] }
  const f = { ours: () => ours(client), official: () => official(api), bare: async () => JSON.parse(await (await fetch()).text()) }
  for (let i = 0; i < 3000; i++) for (const k in f) await f[k]()
  for (let r = 0; r < rounds; r++) for (const k in f) { const s = performance.now(); for (let i = 0; i < n; i++) await f[k](); t[k].push((performance.now() - s) / n * 1000) }
  const p = Object.fromEntries(Object.entries(t).map(([k, v]) => [k, quant(v, 0.1)]))
  console.log(name, 'ours', p.ours.toFixed(1), 'official', p.official.toFixed(1), 'bare', p.bare.toFixed(1), 'ratio', (p.ours / p.official).toFixed(3))
}
await run('get', one, (c) => c.getFlexibleIP({ fipId: one.id }), (a) => a.getFlexibleIP({ fipId: one.id }))
const req = { description: 'mail relay', tags: ['prod', 'rack-2'], isIpv6: false }
await run('create', one, (c) => c.createFlexibleIP(req), (a) => a.createFlexibleIP(req))
await run('list', hundred, (c) => c.listFlexibleIPs({ pageSize: 100 }), (a) => a.listFlexibleIPs({ pageSize: 100 }), 10, 200)
