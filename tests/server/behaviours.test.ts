// The behaviours of tests/behaviours/ over HTTP: the requests and the control calls.
import { serveEmulator } from 'flexip/server'
import { describe, test } from 'vitest'
import { behaviours } from '../js/support/behaviour-files.js'
import { checkBehaviourOn, optionsOf } from '../js/support/behaviours.js'
import { remote } from './support/remote.js'

describe.each(behaviours)('%s over HTTP', (_, entries) => {
  test.each(entries.map((entry) => [entry.name, entry] as const))('%s', async (_, behaviour) => {
    const { url, emulator, close } = await serveEmulator(optionsOf(behaviour))
    const { secretKey, projectId, organizationId } = emulator
    try {
      await checkBehaviourOn(remote({ url, secretKey, projectId, organizationId }), behaviour)
    } finally {
      await close(0)
    }
  })
})
