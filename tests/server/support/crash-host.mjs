// An emulator that a program serves, as the command does. On SIGUSR2 the program calls it with objects that it changes
// right after the call, while their records wait to be written.
import { serveEmulator } from 'flexip/server'

const options = { ...JSON.parse(process.argv[2]), startsAt: new Date('2026-01-01') }
const { url, emulator } = await serveEmulator(options)
options.servers.length = 0
options.startsAt.setTime(NaN)

process.on('SIGUSR2', () => {
  const rule = { operation: 'getFlexibleIP', times: 3, fault: { status: { status: 503, headers: { 'Retry-After': '1' } } } }
  emulator.addFault(rule)
  rule.operation = 'x'
  rule.fault.status.status = 99
  rule.fault.status.headers = { 'a\nb': '' }
  const timing = { attach: [100, 200, 900], detach: 700 }
  emulator.setTiming(timing)
  timing.attach.length = 0
  timing.detach = NaN
})

const { secretKey, projectId, organizationId, servers } = emulator
console.log(JSON.stringify({ url, secretKey, projectId, organizationId, servers }))
