// The emulator's secrets in the paths of requests: the files have none, and they open again.
import { copyFileSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { serveEmulator } from 'flexip/server'
import { expect, onTestFinished, test } from 'vitest'
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
