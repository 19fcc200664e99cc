// tests/behaviours/ over HTTP: both the requests and the controls.
import { serveEmulator } from 'flexip/server'
import { describe, test } from 'vitest'
import { behaviours } from '../js/support/behaviour-files.js'
import { optionsOf, showOn } from '../js/support/behaviours.js'
import { remote } from './support/remote.js'

describe.each(behaviours)('%s over HTTP', (_, entries) => {
  test.each(entries.map((entry) => [entry.name, entry] as const))('%s', async (_, behaviour) => {
    const { url, emulator, close } = await serveEmulator(optionsOf(behaviour))
    const { secretKey, projectId, organizationId } = emulator
    try {
      await showOn(remote({ url, secretKey, projectId, organizationId }), behaviour)
    } finally {
      await close(0)
    }
  })
})
