// `flexip record` and `flexip replay`: sessions without secrets and ids, and what a replay says.
import { type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError, recordSession, replaySession, serveEmulator } from 'flexip/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { send } from './support/http.js'
import { spawnCli, temporaryFolder } from './support/served.js'

const fips = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'
const sessionToken = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ0ZW5hbnQifQ.c2lnbmF0dXJl'
const customKey = 'not-a-uuid/with"quotes"'

type Body = Record<string, unknown> & { id: string; type?: string }

/** A recorder in front of an emulator on a port. */
async function recording(options: Parameters<typeof serveEmulator>[0] = {}) {
  const upstream = await serveEmulator({ seed: 9, ...options })
  onTestFinished(() => upstream.close(0))
  const file = join(temporaryFolder(), 'session.jsonl')
  const recorder = await recordSession({ upstream: upstream.url, to: file })
  let isOpen = true
  const close = async () => {
    if (isOpen) await recorder.close()
    isOpen = false
    return readFileSync(file, 'utf8')
  }
  onTestFinished(async () => void (await close()))
  const { secretKey, projectId, organizationId } = upstream.emulator
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = { 'X-Auth-Token': secretKey }) => {
    const response = await send(recorder.url + path, { method, headers, agent: false, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) })
    const text = response.body.toString()
    return { status: response.status, headers: response.headers, text, body: (/^\{/.test(text) ? JSON.parse(text) : {}) as Body }
  }
  return { url: upstream.url, emulator: upstream.emulator, stop: upstream.close, file, recorder, close, call, secretKey, projectId, organizationId }
}

/** Uses most of the API: creates, attaches, MAC addresses, refusals, lists, deletes. */
async function play({ call, projectId, emulator }: Awaited<ReturnType<typeof recording>>) {
  const server = emulator.addServer({ zone: 'fr-par-1', name: 'web-1' })
  const one = (await call('POST', fips, { project_id: projectId, description: 'mail', tags: ['prod'] })).body
  const two = (await call('POST', fips, { project_id: projectId, is_ipv6: true })).body
  await call('PATCH', `${fips}/${one.id}`, { description: 'relay', reverse: 'mail.example.com' })
  await call('POST', `${fips}/attach`, { fips_ids: [one.id], server_id: server.id })
  await call('GET', `${fips}/${one.id}`)
  await call('POST', `${fips}/${one.id}/mac`, { mac_type: 'kvm' })
  await call('GET', `${fips}?page_size=10&order_by=created_at_desc`)
  await call('GET', `${fips}?project_id=${projectId.toUpperCase()}`)
  await call('POST', `${fips}/detach`, { fips_ids: [one.id] })
  await call('DELETE', `${fips}/${two.id}`)
  await call('GET', `${fips}/${two.id}`)
  await call('GET', `${fips}/00000000-1111-4222-8333-444444444444`)
  await call('POST', fips, { project_id: 'none' })
  await call('GET', fips, undefined, {})
  return { one, two, server }
}

test('a recorder that stops while requests have no response ends at once, with a whole file', async () => {
  const failures: Error[] = []
  let isAsked: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (isAsked = resolve))
  // It responds to the first request only.
  const silent = createServer((request, response) => (request.url === fips ? response.setHeader('Content-Type', 'application/json').end('{"flexible_ips":[],"total_count":0}') : isAsked()))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    silent.closeAllConnections()
    silent.close()
  })
  const file = join(temporaryFolder(), 'session.jsonl')
  const recorder = await recordSession({ upstream: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`, to: file, onFailure: (error) => failures.push(error) })
  await send(recorder.url + fips, { headers: { 'X-Auth-Token': sessionToken } })
  const ended = send(`${recorder.url}${fips}/one`, { headers: { 'X-Auth-Token': sessionToken } }).catch((error: unknown) => error)
  await asked
  await recorder.close()
  expect(await ended).toBeInstanceOf(Error)
  expect([recorder.recorded, failures]).toEqual([1, []])
  const lines = readFileSync(file, 'utf8').split('\n')
  expect([lines.length, JSON.parse(lines[0] ?? '') as unknown]).toMatchObject([2, { path: fips, status: 200 }])
})

interface RecordedRow {
  path: string
  query: string
  request: unknown
  response: string
}

/** A service with these responses; `record` sends it requests through a recorder, and returns the rows. */
async function inFrontOf(respond: (response: ServerResponse, path: string) => void) {
  const fake = createServer((request, response) => void request.resume().on('end', () => respond(response, request.url ?? '')))
  await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void fake.close())
  const record = async (requests: [path: string, options: { method?: string; body?: string; headers?: Record<string, string> }][], secrets?: string[]) => {
    const to = join(temporaryFolder(), 'session.jsonl')
    const recorder = await recordSession({ upstream: `http://127.0.0.1:${(fake.address() as AddressInfo).port}`, to, ...(secrets && { secrets }) })
    for (const [path, options] of requests) await send(recorder.url + path, { headers: { 'X-Auth-Token': sessionToken }, agent: false, ...options })
    await recorder.close()
    const text = readFileSync(to, 'utf8')
    return { text, rows: text.trim().split('\n').map((line) => JSON.parse(line) as RecordedRow) }
  }
  return { record }
}

/** A recorder in front of a service that responds so. */
async function recorderOf(respond: (response: ServerResponse) => void) {
  const fake = createServer((request, response) => void request.resume().on('end', () => respond(response)))
  await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void fake.close())
  const recorder = await recordSession({ upstream: `http://127.0.0.1:${(fake.address() as AddressInfo).port}`, to: join(temporaryFolder(), 'session.jsonl') })
  onTestFinished(() => recorder.close())
  return { recorder }
}

/** The digits of a stand-in in the spelling of another UUID. */
function spelledAs(standIn: string, text: string): string {
  const digits = [...standIn.replaceAll('-', '')]
  return text.replaceAll(/(%[c-f][0-9a-f](?:%[89ab][0-9a-f])+|%[0-9a-f]{2}|\\u\w{4})|\w/gi, (unit, between: string | undefined) => between?.replace('%5F', '_') ?? (unit === '_' ? unit : (digits.shift() ?? '')))
}

const everyCharacter = (text: string) => [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')
const escaped = (text: string) => [...text].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')

/** The text with every encoding of its characters undone, in lower case. */
function decodedThoroughly(text: string): string {
  const once = text.replaceAll(/(?:%|\\+u00)([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return once === text ? text.toLowerCase() : decodedThoroughly(once)
}

describe('flexip record', () => {
  test('passes requests and responses on as they are', async () => {
    const { call, projectId, url, secretKey, recorder } = await recording()
    const made = await call('POST', fips, { project_id: projectId, description: 'é' })
    expect(made).toMatchObject({ status: 200, body: { project_id: projectId, description: 'é' }, headers: { 'content-type': 'application/json', server: /Scaleway/ } })
    const direct = await send(`${url}${fips}/${made.body.id}`, { headers: { 'X-Auth-Token': secretKey } })
    expect((await call('GET', `${fips}/${made.body.id}`)).text).toBe(direct.body.toString())
    expect((await call('DELETE', `${fips}/${made.body.id}`)).status).toBe(204)
    expect((await call('GET', fips, '{"a":1}')).status).toBe(200)
    expect((await call('GET', '//elsewhere.example/')).status).toBe(501)
    expect(recorder.recorded).toBe(4)
  })

  test('writes no secret and no id of a tenant, wherever and however it is spelled', async () => {
    const run = await recording({ sessionToken })
    const { call, close, secretKey, projectId, organizationId, emulator, file } = run
    const { one, server } = await play(run)
    const hex = (text: string) => text.replaceAll('-', '')
    await call('GET', `${fips}/${encodeURIComponent(secretKey)}`)
    await call('GET', `${fips}/${secretKey.replaceAll('-', '%2D')}?project_id=${hex(projectId).toUpperCase()}`)
    await call('PATCH', `${fips}/${one.id}`, { description: `${projectId} ${secretKey.toUpperCase()} ${sessionToken}`, tags: [hex(organizationId), `key=${secretKey}`] })
    await call('PATCH', `${fips}/${one.id}`, `{"description":"${[...secretKey].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')}"}`)
    await call('PATCH', `${fips}/${one.id}`, `not JSON: ${secretKey}`)
    await call('GET', fips, undefined, { 'X-Session-Token': sessionToken })
    await call('GET', `${fips}/${encodeURIComponent(customKey)}?token=${encodeURIComponent(customKey)}`, undefined, { 'X-Auth-Token': secretKey, Cookie: `session=${customKey}; other=my-cookie-value`, Authorization: 'Bearer bearer-value-1' })
    await call('PATCH', `${fips}/${one.id}`, { description: `${customKey} my-cookie-value bearer-value-1 ${Buffer.from(customKey).toString('base64')} SCWABCDEFGHIJKLMNOPQ` })
    const encodings = (text: string) => [everyCharacter(text), everyCharacter(everyCharacter(text)), everyCharacter(text).replaceAll('%', '%2525').toUpperCase(), escaped(text), text.replaceAll('-', '_'), text.replaceAll('-', '%2d')]
    const all = [secretKey, projectId, one.id, sessionToken, customKey, 'SCWABCDEFGHIJKLMNOPQ']
    await call('PATCH', `${fips}/${one.id}`, { description: `see /fips?a=${all.flatMap(encodings).join(' ')}`, tags: all.flatMap(encodings) })
    await call('PATCH', `${fips}/${one.id}`, `not JSON: ${all.flatMap(encodings).join(' ')}`)
    await call('GET', `${fips}?${all.flatMap(encodings).map((text) => `tags=${text.replaceAll('\\', '%5C')}`).join('&')}`)
    await call('GET', `/iam/v1alpha1/api-keys/${secretKey}`)
    const session = await close()
    const plain = decodedThoroughly(session)
    for (const text of [...all, ...[secretKey, projectId, one.id].map((id) => id.replaceAll('-', '_'))]) expect(plain.includes(text.toLowerCase()), text).toBe(false)
    const spellings = (text: string) => [text, text.toUpperCase(), hex(text), encodeURIComponent(text), JSON.stringify(text).slice(1, -1), text.replaceAll('-', '%2D'), Buffer.from(text).toString('base64')]
    const hidden = [secretKey, projectId, organizationId, one.id, server.id, emulator.secretKey, sessionToken, customKey, 'my-cookie-value', 'bearer-value-1', 'SCWABCDEFGHIJKLMNOPQ']
    for (const spelling of hidden.flatMap(spellings)) {
      for (const text of [session, decodeURIComponent(session), JSON.stringify(session.split('\n').map((line) => line && JSON.parse(line)))]) expect(text.toLowerCase().includes(spelling.toLowerCase()), spelling).toBe(false)
    }
    expect(session).not.toContain('/iam/')
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('passes on the reason phrase, each cookie, and the values of a repeated header', async () => {
    const { recorder } = await recorderOf((response) => {
      response.writeHead(207, 'Weird', ['X-A', '1', 'X-A', '2', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'])
      response.end('{"a":1.0}')
    })
    const response = await fetch(recorder.url + fips)
    expect([response.status, response.statusText, response.headers.get('x-a'), response.headers.getSetCookie(), await response.text()]).toEqual([207, 'Weird', '1, 2', ['a=1', 'b=2'], '{"a":1.0}'])
  })

  test.each([
    ['another Host', { Host: 'evil.example' }],
    ['the Origin of a page elsewhere', { Origin: 'https://evil.example' }],
    ['the Origin null', { Origin: 'null' }],
    ['the sign of a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('passes no request on that has %s', async (_, headers: Record<string, string>) => {
    let asked = 0
    const { recorder } = await recorderOf((response) => {
      asked++
      response.end('{}')
    })
    const refused = await send(recorder.url + fips, { headers, agent: false })
    expect([refused.status, JSON.parse(refused.body.toString()), asked, recorder.recorded]).toEqual([403, { message: expect.stringMatching(/^flexip record: the request comes from a page of another machine/) as string }, 0, 0])
    for (const host of ['localhost', 'localhost:4011', '127.0.0.1', '[::1]:4011']) expect((await send(recorder.url + fips, { headers: { Host: host }, agent: false })).status, host).toBe(200)
  })

  test('replaces an id by the same stand-in in paths, bodies and refusals, and different ids by different ones', async () => {
    const run = await recording()
    const { one, two } = await play(run)
    const rows = (await run.close()).trim().split('\n').map((line) => JSON.parse(line) as { path: string; method: string; request: { project_id?: string; fips_ids?: string[] } | null; response: string; query: string })
    const created = rows.filter(({ method, path }) => method === 'POST' && path === fips).map(({ response }) => JSON.parse(response) as Body)
    const [first, second] = created
    expect(first?.id).not.toBe(second?.id)
    expect([one.id, two.id]).not.toContain(first?.id)
    expect(rows.filter(({ path }) => path === `${fips}/${first?.id}`)).toHaveLength(2)
    expect(rows[3]?.request?.fips_ids).toEqual([first?.id])
    expect(rows[0]?.request?.project_id).toBe(first?.project_id)
    expect(rows[7]?.query).toBe(`project_id=${String(first?.project_id)}`)
  })

  test('of a server records only what a replay needs', async () => {
    const fake = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id":"7c715b98-e683-493a-9e62-109d684e4348","name":"db","zone":"fr-par-1","install":{"password":"hunter22"},"ips":[{"address":"192.0.2.7"}]}'))
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void fake.close())
    const file = join(temporaryFolder(), 'session.jsonl')
    const recorder = await recordSession({ upstream: `http://127.0.0.1:${(fake.address() as AddressInfo).port}`, to: file })
    expect((await send(`${recorder.url}/baremetal/v1/zones/fr-par-1/servers/7c715b98-e683-493a-9e62-109d684e4348`, { agent: false })).body.toString()).toContain('hunter22')
    await recorder.close()
    const { response } = JSON.parse(readFileSync(file, 'utf8')) as { response: string }
    expect(Object.keys(JSON.parse(response) as object)).toEqual(['id', 'name', 'zone'])
  })

  test('of a request about a server records only the fields of the guide, whatever the operation', async () => {
    const run = await recording()
    const servers = '/baremetal/v1/zones/fr-par-1/servers'
    const install = { hostname: 'h', user: 'root', password: 'hunter22', service_password: 'hunter23', name: { password: 'hunter24' } }
    const made = (await run.call('POST', servers, { name: 'web', zone: 'fr-par-1', project_id: run.projectId, description: 'hunter25', install, user_data: 'hunter26' })).body
    await run.call('POST', `${servers}/${made.id}/install`, install)
    await run.call('POST', `${servers}/${made.id}/install`, 'not JSON: hunter27')
    await run.call('POST', `${servers}/${made.id}/install`, '"hunter28"')
    await run.call('POST', `${servers}/${made.id}/install`, '[{"name":"db","password":"hunter29"},["hunter30"]]')
    const session = await run.close()
    expect(session).not.toContain('hunter')
    const requests = session.trim().split('\n').map((line) => (JSON.parse(line) as { request: unknown }).request)
    expect(requests).toEqual([{ name: 'web', zone: 'fr-par-1', project_id: expect.any(String) as string }, { name: {} }, null, null, [{ name: 'db' }, [null]]])
  })

  test('of a refusal about a server records no text that can repeat a password, and of a query only known parameters', async () => {
    const refusal = { type: 'invalid_arguments', message: 'bad password hunter33', details: [{ argument_name: 'install.password', reason: 'constraint', help_message: 'value "hunter33" is too weak' }] }
    const { record } = await inFrontOf((response, path) => response.writeHead(path.includes('page=1') ? 200 : 400, { 'Content-Type': 'application/json' }).end(JSON.stringify(refusal)))
    const servers = '/baremetal/v1/zones/fr-par-1/servers'
    const { rows, text } = await record([
      [servers, { method: 'POST', body: '{"name":"a","install":{"password":"hunter33"}}' }],
      [`${servers}?page=1&password=hunter33&name=web&hunter33`, {}],
    ])
    expect(text).not.toContain('hunter33')
    expect(rows.map(({ query, response }) => [query, JSON.parse(response) as unknown])).toEqual([
      ['', { type: 'invalid_arguments', details: [{ argument_name: 'install.password', reason: 'constraint' }] }],
      ['page=1&name=web', {}],
    ])
  })

  test('removes the cookie that a response sets, and the secrets of the environment and of the option', async () => {
    vi.stubEnv('SCW_SECRET_KEY', 'topsecret+value/1')
    vi.stubEnv('FLEXIP_SECRET_KEY', 'x')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { record } = await inFrontOf((response) => response.writeHead(200, { 'Set-Cookie': 'sid=sidsecret99; Path=/flexible-ip; HttpOnly' }).end('{"description":"x sidsecret99 topsecret+value/1 topsecret%2bvalue%2F1 mine-too HttpOnly"}'))
    const { rows } = await record([[fips, {}]], ['mine-too'])
    expect(rows[0]?.response).toBe('{"description":"x [removed] [removed] [removed] [removed] HttpOnly"}')
    expect(rows[0]?.path).toBe(fips)
  })

  test('replaces a UUID with other separators, or with some of its hyphens, and keeps its spelling', async () => {
    const key = 'a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d'
    const { record } = await inFrontOf((response) => response.end('{}'))
    const between = ['', '-', '_', ':', '.', '+', ' ', '\n', '\u2013', '--']
    const spelled = [...between.map((separator) => key.replaceAll('-', separator)), key.replace('-', ''), key.replace(/-(?=0e)/, '')]
    const texts = [...spelled, ...spelled.map(encodeURIComponent), key.replaceAll('-', '\\u2013')]
    const { rows } = await record([[fips, { method: 'POST', body: JSON.stringify({ tags: texts }) }], [`${fips}?${texts.map((text) => `tags=${encodeURIComponent(text)}`).join('&')}`, {}]])
    const standIn = '00000000-0000-4000-8000-000000000001'
    expect((rows[0]?.request as { tags: string[] }).tags).toEqual(texts.map((text) => spelledAs(standIn, text)))
    expect(rows[1]?.query).toMatch(/^[!-~]+$/)
    expect(decodeURIComponent(rows[1]?.query ?? '')).toBe(texts.map((text) => `tags=${spelledAs(standIn, text)}`).join('&'))
  })

  test('replaces the secret key with separators anywhere, and no IPv6 address that is written out', async () => {
    const key = 'f8f17fd7-7351-4b14-8c9d-0e1f2a3b4c5d'
    const hex = key.replaceAll('-', '')
    const { record } = await inFrontOf((response) => response.end('{}'))
    const spelled = [...[1, 2, 4, 8].flatMap((length) => [':', '-', ' '].map((mark) => (hex.match(new RegExp(`.{${length}}`, 'g')) ?? []).join(mark))), hex.slice(0, 3) + '.' + hex.slice(3)]
    const address = '2001:0db8:0000:0000:0000:0000:0000:0001'
    const { rows, text } = await record([[`${fips}?${spelled.map((part) => `tags=${encodeURIComponent(part)}`).join('&')}`, { method: 'POST', headers: { 'X-Auth-Token': key }, body: JSON.stringify({ tags: [...spelled, address] }) }]])
    expect((rows[0]?.request as { tags: string[] }).tags).toEqual([...spelled.map((part) => spelledAs('00000000-0000-4000-8000-000000000001', part)), address])
    expect(text.replaceAll(/[^0-9a-z]|%[0-9a-f]{2}/gi, '')).not.toContain(hex)
  })

  test('replaces the secret key also where separators stand beside its hyphens, or several between its digits, in requests, queries and responses', async () => {
    const key = '0a1b2c3d-4e5f-4a6b-8c7d-0123456789ab'
    const hex = key.replaceAll('-', '')
    const marks = [' ', ',', ', ', '\0', '","', '", "', '\\", \\"', '",\n      "']
    const texts = [key.replaceAll('-', ' - '), ...[key, hex].flatMap((digits) => marks.map((mark) => [...digits].join(mark)))]
    let next = 0
    const { record } = await inFrontOf((response) => response.end(JSON.stringify({ description: texts[next++] })))
    const headers = { 'X-Auth-Token': key, 'Content-Type': 'application/json' }
    const { rows, text } = await record(texts.map((tag) => [`${fips}?tags=${encodeURIComponent(tag)}`, { method: 'POST', headers, body: JSON.stringify({ description: tag }) }]))
    for (const [index, row] of rows.entries()) {
      const places = [(row.request as { description: string }).description, decodeURIComponent(row.query), (JSON.parse(row.response as string) as { description: string }).description]
      for (const place of places) expect(place.replace('tags=', '').replaceAll(/[^0-9a-f]/gi, ''), texts[index]).toBe('00000000000040008000000000000001')
    }
    expect(rows.length).toBe(texts.length)
    expect(text).not.toContain(hex)
  })

  test('replaces any UUID whose hyphens stand between spaces', async () => {
    const { record } = await inFrontOf((response) => response.end('{"description":"0a1b2c3d - 4e5f - 4a6b - 8c7d - 0123456789ab"}'))
    const { rows } = await record([[fips, {}]])
    expect(rows[0]?.response).toBe('{"description":"00000000 - 0000 - 4000 - 8000 - 000000000001"}')
  })

  test.each(['s:', 'sc:', 'scw:'])('removes the secret key from the base64 of %s and the key', async (before) => {
    const key = '0a1b2c3d-4e5f-4a6b-8c7d-0123456789ab'
    const forms = ['base64', 'base64url'].map((form) => Buffer.from(`${before}${key}:after`).toString(form as 'base64'))
    const { record } = await inFrontOf((response) => response.end(JSON.stringify({ description: forms.join(' ') })))
    const { rows } = await record([[fips, { method: 'POST', headers: { 'X-Auth-Token': key }, body: JSON.stringify({ description: forms.join(' ') }) }]])
    for (const place of [(rows[0]?.request as { description: string }).description, String(rows[0]?.response)]) {
      expect(place.match(/\[removed\]/g)?.length).toBe(2)
      expect(place.length).toBeLessThan(80)
    }
  })

  test('removes a secret whose slashes are escaped as in JSON, also from a text that is not JSON', async () => {
    const secret = 'envkey+Secret/1'
    const { record } = await inFrontOf((response) => response.end('{}'))
    const escaped = 'envkey+Secret\\/1'
    const headers = { 'X-Api-Key': secret }
    const { text } = await record([[fips, { method: 'POST', headers, body: `no JSON: ${escaped}` }], [`${fips}/${encodeURIComponent(escaped)}?x=${escaped}`, { headers }]])
    expect(text).toContain('no JSON: [removed]')
    expect(text).not.toMatch(/envkey|Secret/)
  })

  test.each([4, 5, 6, 7, 8, 9, 10, 13, 24])('removes a secret of %i characters from base64, whatever is beside it and wherever it begins', async (length) => {
    const secret = 'S3cr3tPassw0rd/\u00fc\u{1f600}XYZ-abcdefgh'.slice(0, length)
    const texts = ['', 'u:', 'us:', 'user:'].flatMap((before) => ['', ':x', ':xyz'].map((after) => Buffer.from(before + secret + after)))
    const forms = texts.flatMap((text) => [text.toString('base64'), text.toString('base64url'), `k${text.toString('base64')}`, `of/${text.toString('base64')}`, `and${text.toString('base64url')}z`])
    const spellings = forms.flatMap((form) => [form, encodeURIComponent(form), form.replaceAll('/', '\\/')])
    const { record } = await inFrontOf((response) => response.end(`Basic ${spellings.join(' ')} end`))
    const { rows } = await record([[fips, {}]], [secret])
    const response = String(rows[0]?.response)
    for (const form of forms) expect(response).not.toContain(form)
    expect(response).toMatch(/^Basic .* end$/)
    expect(response.match(/\[removed\]/g)?.length).toBe(spellings.length)
  })

  test('removes a secret whose characters beyond ASCII are escaped as in JSON, also from a text that is not JSON', async () => {
    const units = (text: string) => text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    for (const secret of ['hunter2\u00fc', 'p\u00e4ssw\u00f6rd', 'hunter2\u{1f600}', '\u00c4\u00d6\u00dc\u{1f600}']) {
      const all = [secret, units(secret), units(secret).replaceAll(/[a-f0-9]{4}/g, (hex) => hex.toUpperCase()), units(units(secret).replaceAll('\\', '\\\\')), encodeURIComponent(units(secret)), encodeURIComponent(secret), encodeURIComponent(encodeURIComponent(secret))]
      const { record } = await inFrontOf((response) => response.end(`upstream: ${all.join(' ')} end`))
      const { rows } = await record([[fips, {}]], [secret])
      expect(rows[0]?.response).toBe(`upstream: ${all.map(() => '[removed]').join(' ')} end`)
    }
  })

  test('records JSON that is nested too deep as text', async () => {
    const deep = `${'['.repeat(20_000)}"${sessionToken}"${']'.repeat(20_000)}`
    const { record } = await inFrontOf((response) => response.end(deep))
    const { rows, text } = await record([[fips, { method: 'POST', body: deep }], ['/baremetal/v1/zones/fr-par-1/servers', { method: 'POST', body: deep }]])
    expect(rows.map(({ request, response }) => [request, response.length])).toEqual([[null, 40_011], [null, 4]])
    expect(text).not.toContain(sessionToken)
  })

  test.each<[string, unknown, RegExp]>([
    ['a string', 'topsecretvalue', /; found a string$/],
    ['a Set', new Set(['topsecretvalue']), /; found an object \(Set\)$/],
    ['null', null, /; found null$/],
    ['a number in the list', ['topsecretvalue', 12345678], /; secrets\[1\] is no string$/],
    ['an empty string in the list', [''], /; secrets\[0\] has 0$/],
    ['a short string in the list', ['abc'], /; secrets\[0\] has 3$/],
  ])('refuses %s as secrets, without repeating it', async (_, secrets, found) => {
    const refused = recordSession({ upstream: 'https://api.scaleway.com', to: join(temporaryFolder(), 'session.jsonl'), secrets: secrets as string[] })
    await expect(refused).rejects.toThrow(ConfigurationError)
    await expect(refused).rejects.toThrow(/^secrets must be a list of strings with 4 or more characters each/)
    await expect(refused).rejects.toThrow(found)
    await expect(refused).rejects.not.toThrow(/topsecretvalue|12345678|abc/)
  })

  test('a start that fails leaves no file, and a wrong port is refused by name', async () => {
    const { url } = await recording()
    const to = join(temporaryFolder(), 'session.jsonl')
    const start = (port: unknown) => recordSession({ upstream: url, to, port: port as number })
    const { port: taken } = new URL(url)
    await expect(start(Number(taken))).rejects.toThrow(ConfigurationError)
    await expect(start(Number(taken))).rejects.toThrow(`port ${taken} of 127.0.0.1 cannot be listened on: it is in use by another program`)
    for (const port of [70_000, -1, 1.5, NaN, 'abc', null]) {
      await expect(start(port)).rejects.toThrow(ConfigurationError)
      await expect(start(port)).rejects.toThrow('port must be a whole number from 0 to 65535; found ')
    }
    expect(existsSync(to)).toBe(false)
    await (await start(0)).close()
    expect(existsSync(to)).toBe(true)
  })

  test('answers 502 while the service cannot be reached, and records nothing', async () => {
    const { close, call, recorder, stop } = await recording()
    await stop(0)
    expect(await call('GET', fips)).toMatchObject({ status: 502, body: { message: 'flexip record: the service gave no response' } })
    expect([recorder.recorded, await close()]).toEqual([0, ''])
  })

  test.each<[string, RegExp]>([
    ['api.scaleway.com', /found no URL/],
    ['http://api.scaleway.com', /found http:\/\/api\.scaleway\.com/],
    ['https://user:password@api.scaleway.com', /found one with a user/],
    ['https://api.scaleway.com?key=1', /found one with a query/],
  ])('refuses the upstream %s', async (upstream, message) => {
    const refused = recordSession({ upstream, to: join(temporaryFolder(), 'session.jsonl') })
    await expect(refused).rejects.toThrow(ConfigurationError)
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.not.toThrow(/password/)
  })

  test('does not write over a file', async () => {
    const to = join(temporaryFolder(), 'session.jsonl')
    writeFileSync(to, 'mine')
    await expect(recordSession({ upstream: 'https://api.scaleway.com', to })).rejects.toThrow(`${to} cannot be created: it exists already`)
    expect(readFileSync(to, 'utf8')).toBe('mine')
  })
})

describe('flexip replay', () => {
  test.each<[string, Parameters<typeof serveEmulator>[0]]>([
    ['instant transitions', {}],
    ['recorded delays', { timing: 'recorded' }],
    ['another key order', { keyOrder: 'described' }],
  ])('finds no difference in a session of an emulator with %s', async (_, options) => {
    const run = await recording(options)
    await play(run)
    await run.close()
    const report = replaySession(run.file, options?.keyOrder && { keyOrder: options.keyOrder })
    expect(report).toEqual({ compared: 14, skipped: [], differences: [] })
  })

  test.each<[string, (row: Record<string, unknown>) => void, number, RegExp]>([
    ['a status', (row) => (row.status = 409), 3, /^the status is 409 in the session, and 200 in the emulator's response: \{/],
    ['a field', (row) => (row.response = String(row.response).replace('"relay"', '"other"')), 3, /^description is "other" in the session, and "relay" in the emulator's response$/],
    ['a field that the emulator does not have', (row) => (row.response = String(row.response).replace('{', '{"region":"fr-par",')), 1, /^region is "fr-par" in the session, and absent/],
    ['a missing field', (row) => (row.response = String(row.response).replace('"reverse":"mail.example.com",', '')), 3, /^reverse is absent in the session, and "mail.example.com"/],
    ['an item of a list', (row) => (row.response = String(row.response).replace('"tags":["prod"]', '"tags":["test"]')), 7, /^flexible_ips\[\d\]\.tags\[0\] is "test" in the session, and "prod"/],
    ['a count', (row) => (row.response = String(row.response).replace('"total_count":2', '"total_count":3')), 7, /^total_count is 3 in the session, and 2/],
    ['the words of a refusal', (row) => (row.response = String(row.response).replace('"invalid argument(s)"', '"bad argument"')), 13, /^message is "bad argument" in the session, and "invalid argument\(s\)"/],
    ['an id', (row) => (row.response = String(row.response).replace(/"id":"[^"]*(\d)"/, '"id":"00000000-0000-4000-8000-99999999999$1"')), 3, /^id is \S+ in the session/],
    ['a date that does not exist', (row) => (row.response = String(row.response).replace(/"updated_at":"\d{4}-\d\d-\d\dT/, '"updated_at":"9999-99-99T')), 3, /^updated_at is "9999-99-99T.*" in the session, and "/],
    ['February 30', (row) => (row.response = String(row.response).replace(/"updated_at":"\d{4}-\d\d-\d\dT/, '"updated_at":"2026-02-30T')), 3, /^updated_at is "2026-02-30T.*" in the session, and "/],
    ['the precision of a date', (row) => (row.response = String(row.response).replace(/("updated_at":"[^"]*\.\d{6})\d{3}Z/, '$1Z')), 3, /^updated_at has 6 digits after the second in the session, and 9/],
  ])('names %s that differs, with its line', async (_, change, line, sentence) => {
    const run = await recording()
    await play(run)
    const rows = (await run.close()).trim().split('\n')
    const row = JSON.parse(rows[line - 1] ?? '') as Record<string, unknown>
    change(row)
    expect(JSON.stringify(row)).not.toBe(rows[line - 1])
    rows[line - 1] = JSON.stringify(row)
    writeFileSync(run.file, rows.join('\n'))
    const { differences } = replaySession(run.file)
    expect(differences).toEqual([{ line, request: `${String(row.method)} ${String(row.path)}${row.query ? `?${String(row.query)}` : ''}`, differences: [expect.stringMatching(sentence) as string] }])
  })

  test('leaves out what is from before the session, and says so', async () => {
    const run = await recording({ population: { 'fr-par-1': 3 } })
    const [earlier] = ((await run.call('GET', fips)).body.flexible_ips as Body[]).map(({ id }) => id)
    await play(run)
    await run.call('PATCH', `${fips}/${earlier}`, { description: 'x' })
    await run.close()
    const { compared, skipped, differences } = replaySession(run.file)
    expect(differences).toEqual([])
    expect([compared, skipped]).toEqual([15, [{ line: 16, request: expect.stringMatching(/^PATCH/) as string, reason: 'it names a flexible IP from before the session' }]])
  })

  test.each<[string, RegExp]>([
    ['{', /session\.jsonl:1: the line is not JSON/],
    ['\n[]', /session\.jsonl:2: the line must be an object; found \[\]/],
    ['{"at":"9999-99-99","method":"GET"}', /at must be a date in RFC 3339, in UTC; found "9999-99-99"/],
    ['{"at":"2026-02-30T00:00:00Z","method":"GET"}', /at must be a date in RFC 3339, in UTC; found "2026-02-30T00:00:00Z"/],
    ['{"method":"get"}', /session\.jsonl:1: method must be a method in capitals; found "get"/],
    ['{"method":"GET","path":"x"}', /path must be a path that begins with a slash; found "x"/],
    ['{"method":"GET","path":"/","status":"200"}', /status must be a whole number from 200 to 599; found "200"/],
    [JSON.stringify({ method: 'GET', path: '/', status: 200, response: `${'['.repeat(1e5)}${']'.repeat(1e5)}` }), /session\.jsonl:1: the line, a request or a response in it is JSON that is nested more than 100 deep/],
    [`{"method":"POST","path":"/","status":200,"request":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, /nested more than 100 deep/],
    ['{"method":"GET","path":"/","status":200,"response":{}}', /response must be a string; found \{\}/],
  ])('refuses the session %.80j by its file, line and field', (text, message) => {
    const file = join(temporaryFolder(), 'session.jsonl')
    writeFileSync(file, text)
    expect(() => replaySession(file)).toThrow(ConfigurationError)
    expect(() => replaySession(file)).toThrow(message)
  })
})

test('the commands of the guide record a session and replay it', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/recording.md'), 'utf8')
  const commands = [...guide.matchAll(/^npx flexip (record|replay) (.*)$/gm)].map(([, name = '', args = '']) => [name, ...args.split(' ')])
  expect(commands.map(([name]) => name)).toEqual(['record', 'replay'])
  const { url, secretKey, projectId } = await recording()
  const file = join(temporaryFolder(), 'session.jsonl')
  const [record = [], replay = []] = commands.map((words) => words.map((word) => (word === 'session.jsonl' ? file : word === 'https://api.scaleway.com' ? url : word)))
  const run = (args: string[]) => {
    const child = spawnCli(args)
    onTestFinished(() => void child.kill('SIGKILL'))
    let out = ''
    const listening = new Promise<string>((resolve) => child.stdout?.on('data', (part: Buffer) => (out += part.toString()).includes('Ctrl+C') && resolve(out)))
    return { child, listening, end: async () => ({ code: (await child.ended).code, out, err: child.errors() }) }
  }
  const recorder = run([...record, '--port', '0'])
  const proxy = /url +(\S+)/.exec(await recorder.listening)?.[1] ?? ''
  await send(proxy + fips, { method: 'POST', headers: { 'X-Auth-Token': secretKey }, body: JSON.stringify({ project_id: projectId }), agent: false })
  recorder.child.kill('SIGTERM')
  expect(await recorder.end()).toMatchObject({ code: 0, out: expect.stringContaining(`1 exchanges are in ${file}`) as string })
  expect(await run(replay).end()).toEqual({ code: 0, out: '1 of 1 exchanges were compared: no difference\n', err: '' })

  writeFileSync(file, readFileSync(file, 'utf8').replace('\\"status\\":\\"ready\\"', '\\"status\\":\\"locked\\"'))
  const differing = await run(replay).end()
  expect(differing).toEqual({ code: 1, out: `line 1, POST ${fips}: status is "locked" in the session, and "ready" in the emulator's response\n1 of 1 exchanges were compared: 1 differ\n`, err: '' })
  for (const line of differing.out.trim().split('\n')) expect(guide).toContain(line)
  writeFileSync(file, '')
  expect(await run(replay).end()).toMatchObject({ code: 1, out: '0 of 0 exchanges were compared: nothing was compared\n' })
  writeFileSync(file, JSON.stringify({ method: 'GET', path: fips, status: 200, response: `${'['.repeat(1e5)}${']'.repeat(1e5)}` }))
  expect(await run(replay).end()).toMatchObject({ code: 2, err: expect.stringContaining('nested more than 100 deep') as string })
  writeFileSync(file, 'x')
  expect(await run(replay).end()).toMatchObject({ code: 2, err: expect.stringMatching(/^error: .*session\.jsonl:1: the line is not JSON/) as string })
})
