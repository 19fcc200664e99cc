// Responses that are nested deeper than a recursive function of JavaScript can go.
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { world } from './support.js'

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
const bodies = { 'a list': deep, 'flexible IPs': `{"total_count":1,"flexible_ips":[${deep}]}`, 'a refusal': `{"type":"invalid_arguments","message":"no","details":${deep}}` }

/** Passes requests on, but the first one for flexible IPs of the zone. */
function afterDeep(status: number, body: string): Fetch {
  let isDone = false
  return (url, init) => {
    if (isDone || !/fr-par-1\/fips\?/.test(url)) return fetch(url, init as RequestInit)
    isDone = true
    return Promise.resolve(new Response(body, { status, headers: { 'Content-Type': 'application/json' } }))
  }
}

describe.each(Object.entries(bodies))('a response that is nested 100,000 deep: %s', (_, body) => {
  test.each([200, 400])('with %i is a failure of JSON, and claim --while goes on', async (status) => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1')
    const { code, out, err } = await flexip(['ls', '--json', '--zone', 'fr-par-1'], { fetch: afterDeep(status, body) })
    expect([out, [1, 3].includes(code), JSON.parse(err)]).toEqual(['', true, { error: expect.objectContaining({ exitCode: code }) as object }])
    expect(await flexip(['claim', 'web-2', ip.ipAddress, '--while', 'true'], { fetch: afterDeep(status, body) })).toMatchObject({ code: 0 })
    expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })
})
