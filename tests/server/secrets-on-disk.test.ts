// The emulator's secrets in paths, bodies and calls: the files have none, and they open again.
import { copyFileSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError, type ServedEmulator, serveEmulator } from 'flexip/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { send } from './support/http.js'
import { api, temporaryFolder } from './support/served.js'

const fips = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'

test.each(['7c715b98-e683-493a-9e62-109d684e4348', 'a-key-of-mine', 'fr-par-1', 'fips'])('the secret key %s in a path is not on the disk, and the state opens after a crash', async (secretKey) => {
  const data = join(temporaryFolder(), 'state.json')
  const served = await serveEmulator({ data, secretKey })
  onTestFinished(() => served.close(0))
  const { url, emulator } = served
  const { create, call } = api({ url, secretKey, projectId: emulator.projectId })
  const { id } = (await create({ description: 'stored' })).body
  const encoded = [...secretKey].map((digit) => `%${digit.charCodeAt(0).toString(16)}`).join('')
  for (const spelled of [secretKey, encoded]) {
    for (const headers of [{ 'X-Auth-Token': secretKey }, {}]) {
      for (const path of [`${fips}/${spelled}`, `${fips}/${id}/${spelled}`, `/flexible-ip/v1alpha1/zones/${spelled}/fips/${id}/mac`, `/${spelled}`]) {
        await send(url + path, { method: 'PATCH', headers, body: '{}' })
      }
    }
  }
  await call('PATCH', `/${id}`, { description: 'changed' })

  const copy = join(temporaryFolder(), 'state.json')
  for (const name of readdirSync(join(data, '..'))) {
    const from = join(data, '..', name)
    // A word of the API is no secret.
    if (!fips.includes(secretKey)) expect(readFileSync(from, 'utf8')).not.toMatch(new RegExp(`${secretKey}|${encoded}`))
    copyFileSync(from, join(copy, '..', name))
  }
  const after = await serveEmulator({ data: copy, secretKey })
  onTestFinished(() => after.close(0))
  const { body } = await api({ url: after.url, secretKey, projectId: emulator.projectId }).call('GET', '')
  expect(body.flexible_ips).toMatchObject([{ id, description: 'changed' }])
})

/** The text of the files beside a state, and of the state. */
function onDisk(data: string): string {
  return readdirSync(join(data, '..')).map((name) => readFileSync(join(data, '..', name), 'utf8')).join('\n')
}

/** Opens a copy of the files, as after a crash. What it has must be what the running emulator has. */
async function expectSameAfterCrash(data: string, served: ServedEmulator, secretKey: string) {
  const copy = join(temporaryFolder(), 'state.json')
  for (const name of readdirSync(join(data, '..'))) copyFileSync(join(data, '..', name), join(copy, '..', name))
  const after = await serveEmulator({ data: copy, secretKey })
  onTestFinished(() => after.close(0))
  expect(after.emulator.snapshot()).toBe(served.emulator.snapshot())
}

const uuid = '7c715b98-e683-493a-9e62-109d684e4348'

describe.each([uuid, 'a-key-of-mine', 'Abcd+ef/gh==', 'k"e\\y/1<>', '12345678'])('the secret key %s', (secretKey) => {
  const escaped = [...secretKey].map((digit) => `\\u${digit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  const encoded = [...secretKey].map((digit) => `%${digit.charCodeAt(0).toString(16)}`).join('')
  const literals = [JSON.stringify(secretKey), `"${escaped}"`, `"${encoded}"`, JSON.stringify(`x${secretKey}x`), '12345678']

  test('in the body of any request is not on the disk, and the log replays to the same state', async () => {
    const data = join(temporaryFolder(), 'state.json')
    const served = await serveEmulator({ data, secretKey, clock: 'manual' })
    onTestFinished(() => served.close(0))
    const { url, emulator } = served
    const server = emulator.addServer({ zone: 'fr-par-1' })
    const statuses: number[] = []
    const post = async (path: string, body: string, method = 'POST') => {
      const response = await send(url + path, { method, headers: { 'X-Auth-Token': secretKey }, body })
      statuses.push(response.status)
      return response.body.toString()
    }
    const { id } = JSON.parse(await post(fips, JSON.stringify({ project_id: emulator.projectId, description: 'kept' }))) as { id: string }
    for (const literal of literals) {
      for (const rest of [`"secret":${literal}`, `"nested":{"description":[${literal}]}`, `${literal.replace(/^(?!")(.*)$/, '"$1"')}:1`, `"secret":${literal},"broken"`]) {
        await post(fips, `{"project_id":"${emulator.projectId}",${rest}}`)
        await post(`${fips}/attach`, `{"fips_ids":["${id}"],"server_id":"${server.id}",${rest}}`)
        await post('/baremetal/v1/zones/fr-par-1/servers', `{"name":"web",${rest}}`)
        await post(`${fips}/${id}`, `{"description":"changed",${rest}}`, 'PATCH')
      }
      for (const name of ['project_id', 'server_id', 'is_ipv6']) await post(fips, `{"project_id":"${emulator.projectId}","${name}":${literal}}`)
      await post(`${fips}/attach`, `{"fips_ids":[${literal}],"server_id":"${server.id}"}`)
      await post(`${fips}/attach`, `{"fips_ids":["${id}"],"server_id":${literal}}`)
      await post(`${fips}/${id}/mac`, `{"mac_type":${literal}}`)
      await post(fips, literal)
      await post(fips, `not JSON: ${literal}`)
    }
    for (const path of [`${fips}/${secretKey}/x/y`, `/${secretKey}`]) await post(path, '{}', 'DELETE')
    emulator.removeServer(secretKey)
    emulator.forceStatus(secretKey, 'error')
    await send(`${url}/_emulator/health`, {})

    const text = onDisk(data)
    for (const spelled of [secretKey, JSON.stringify(secretKey).slice(1, -1), JSON.stringify(JSON.stringify(secretKey)).slice(3, -3), escaped, escaped.replaceAll('\\', '\\\\'), encoded]) expect(text.includes(spelled), spelled).toBe(false)
    expect(new Set(statuses)).toEqual(new Set([200, 400, 501, ...statuses.filter((status) => [403, 404, 409].includes(status))]))
    await expectSameAfterCrash(data, served, secretKey)
  })

  test('in the texts that the state keeps stays there', async () => {
    const data = join(temporaryFolder(), 'state.json')
    const served = await serveEmulator({ data, secretKey, clock: 'manual' })
    onTestFinished(() => served.close(0))
    const { create } = api({ url: served.url, secretKey, projectId: served.emulator.projectId })
    expect((await create({ description: secretKey, tags: [secretKey] })).body).toMatchObject({ description: secretKey, tags: [secretKey] })
    await expectSameAfterCrash(data, served, secretKey)
  })

  test('in a fault rule is refused by name, with data only', async () => {
    const data = join(temporaryFolder(), 'state.json')
    const rule = { fault: { status: { status: 500, headers: { 'X-Echo': secretKey } } } }
    await expect(serveEmulator({ data, secretKey, faults: [rule] })).rejects.toThrow('faults[0] must not contain the secret key or the session token')
    const served = await serveEmulator({ data, secretKey })
    onTestFinished(() => served.close(0))
    expect(() => served.emulator.addFault(rule)).toThrow(ConfigurationError)
    expect(() => served.emulator.addFault({ fault: { status: { status: 500, body: { key: [secretKey] } } } })).toThrow('the rule must not contain the secret key')
    expect(served.emulator.faults).toEqual([])
    const inMemory = await serveEmulator({ secretKey, faults: [rule] })
    onTestFinished(() => inMemory.close(0))
    expect(inMemory.emulator.faults).toHaveLength(1)
  })
})

test.each([uuid, uuid.replace('-', ''), Buffer.from(`user:${uuid}`).toString('base64')])('in the body of late work, %s is neither in the state nor on the disk, and the work is done, also after a crash', async (spelled) => {
  const data = join(temporaryFolder(), 'state.json')
  const served = await serveEmulator({ data, secretKey: uuid, clock: 'manual' })
  onTestFinished(() => served.close(0))
  const { emulator, url } = served
  emulator.addFault({ times: 1, fault: { late: { ms: 100 } } })
  const { create } = api({ url, secretKey: uuid, projectId: emulator.projectId })
  expect((await create({ description: 'kept', secret: spelled, tags: ['a'] })).status).toBe(504)
  expect(emulator.snapshot()).toContain('kept')
  expect([emulator.snapshot().includes(spelled), onDisk(data).includes(spelled)]).toEqual([false, false])
  await served.close()
  await served.close()
  expect(onDisk(data)).not.toContain(spelled)
  const after = await serveEmulator({ data, secretKey: uuid })
  onTestFinished(() => after.close(0))
  after.emulator.advance(100)
  expect((await api({ url: after.url, secretKey: uuid, projectId: emulator.projectId }).call('GET', '')).body.flexible_ips).toMatchObject([{ description: 'kept', tags: ['a'] }])
})

test('a Project that equals the secret key keeps its place in the log', async () => {
  const data = join(temporaryFolder(), 'state.json')
  const served = await serveEmulator({ data, secretKey: uuid, projectId: uuid, clock: 'manual' })
  onTestFinished(() => served.close(0))
  expect((await api({ url: served.url, secretKey: uuid, projectId: uuid }).create({})).status).toBe(200)
  await expectSameAfterCrash(data, served, uuid)
})
