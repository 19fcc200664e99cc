// The data of an emulator in the process: three servers with flexible IPs, so that every command has something to show.
import type { EmulatorOptions, FlexibleIpEmulator } from '../emulator.js'
import { FlexibleIpClient } from '../index.js'

const address = { 'web-1': 'fr-par-1', 'web-2': 'fr-par-1', 'db-1': 'nl-ams-1' } as const

/** Makes an emulator with the same servers, flexible IPs and ids at every start. Its transitions take as long as the recorded ones of the service. */
export async function exampleWorld(create: (options: EmulatorOptions) => FlexibleIpEmulator): Promise<FlexibleIpEmulator> {
  const emulator = create({ timing: 'instant', servers: Object.entries(address).map(([name, zone]) => ({ name, zone })) })
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultProjectId: emulator.projectId })
  const idOf = (name: keyof typeof address) => emulator.servers.find((server) => server.name === name)?.id ?? ''
  const add = async (name: keyof typeof address | undefined, zone: string, description: string, tags: string[], isIpv6 = false) => {
    const { id } = await client.createFlexibleIP({ zone, description, tags, isIpv6, ...(name !== undefined && { serverId: idOf(name) }) })
    return client.waitForFlexibleIP({ zone, fipId: id })
  }
  const zone = 'fr-par-1'
  const site = await add('web-1', zone, 'site', ['web', 'prod'])
  const mail = await add('web-1', zone, 'mail', ['mail', 'prod'])
  await add('web-1', zone, 'block of web-1', ['web'], true)
  await client.generateMACAddr({ zone, fipId: site.id, macType: 'kvm' })
  await client.waitForFlexibleIP({ zone, fipId: site.id })
  await client.duplicateMACAddr({ zone, fipId: mail.id, duplicateFromFipId: site.id })
  await client.waitForFlexibleIP({ zone, fipId: mail.id })
  await add('web-2', zone, 'staging', ['web'])
  await add(undefined, zone, 'spare', [])
  await add('db-1', 'nl-ams-1', 'database', ['db', 'prod'])
  emulator.setTiming('recorded')
  emulator.clearJournal()
  return emulator
}
