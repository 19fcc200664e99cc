// A client that is dropped is collected, with all that its `fetch` holds.
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** Runs a program with the built package, with `gc` at hand; returns what it prints as JSON. */
function collected(program: string): unknown {
  const source = `
    import { FlexibleIpClient } from 'flexip'
    const id = '7c715b98-e683-493a-9e62-109d684e4348'
    const ip = { id, organization_id: 'o', project_id: 'p', description: '', tags: [], status: 'ready', ip_address: '51.159.1.2', reverse: '', zone: 'fr-par-1' }
    const respond = (body) => new Response(JSON.stringify(body), { status: 200 })
    const clientOf = (fetch) => new FlexibleIpClient({ secretKey: 'key', defaultZone: 'fr-par-1', fetch })
    const refs = []
    /** A client whose fetch holds 10 kB. */
    const hold = (respond) => {
      const held = new Uint8Array(10_000)
      const fetch = async (url, init) => respond(url, init, held)
      refs.push(new WeakRef(held))
      return clientOf(fetch)
    }
    const left = async () => {
      for (let turn = 0; turn < 20; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 1))
        gc()
      }
      return refs.filter((ref) => ref.deref()).length
    }
    ${program}
  `
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', source], { encoding: 'utf8' }))
}

test('of 10,000 clients that made a plain call, none is kept', () => {
  const program = `
    for (let count = 0; count < 10_000; count++) await hold(() => respond(ip)).getFlexibleIP({ fipId: id })
    console.log(JSON.stringify({ made: refs.length, left: await left() }))
  `
  expect(collected(program)).toEqual({ made: 10_000, left: 0 })
})

test('of 1,000 clients that waited, failed, were aborted or left a list unread, none is kept', () => {
  const program = `
    const page = (url) => respond(url.includes('?') || url.endsWith('/fips') ? { total_count: 300, flexible_ips: [ip] } : ip)
    for (let count = 0; count < 250; count++) {
      await hold(page).waitForFlexibleIP({ fipId: id })
      await hold(() => new Response('{}', { status: 403 })).getFlexibleIP({ fipId: id }).catch(() => {})
      const controller = new AbortController()
      const call = hold(() => new Promise(() => {})).getFlexibleIP({ fipId: id }, { signal: controller.signal }).catch(() => {})
      controller.abort()
      await call
      await hold(page).listFlexibleIPs().pages().next()
    }
    console.log(JSON.stringify({ made: refs.length, left: await left() }))
  `
  expect(collected(program)).toEqual({ made: 1000, left: 0 })
})
