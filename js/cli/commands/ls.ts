// flexip ls: the flexible IPs of all zones.
import { Option } from 'commander'
import { withCommon, withExamples } from '../common-options.js'
import { exitCodes } from '../exit-codes.js'
import { type Register, act } from '../register.js'
import { readInventory, selectIps } from '../selection.js'

const statuses = ['ready', 'updating', 'attached', 'detaching', 'error', 'locked', 'unknown']

export const registerLs: Register = (program, io) => {
  const command = program
    .command('ls')
    .alias('list')
    .description('Lists flexible IPs of all zones, or those that are named.')
    .argument('[ip...]', 'address, id, tag:<tag> or server:<name>')
    .addOption(new Option('--status <status>', 'only those with this status').choices(statuses))
  withExamples(withCommon(command), ['flexip ls', 'all flexible IPs, of all zones'], ['flexip ls server:web-1 --json', 'those of a server, an object a line'])
  act<{ status?: string }>(command, io, async (session, words, { status }) => {
    if (words.length > 0) {
      const ips = await selectIps(session, words)
      return session.printIps(ips.filter((ip) => status === undefined || ip.status === status))
    }
    const { ips, failures } = await readInventory(session)
    const [first] = failures
    if (first && ips.length === 0) throw first.error
    await session.printIps(ips.filter((ip) => status === undefined || ip.status === status))
    for (const { zone, error } of failures) session.io.err(`error: ${zone} could not be read: ${error.message}\n`)
    return first ? exitCodes.incomplete : undefined
  })
}
