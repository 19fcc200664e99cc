// flexip create: new flexible IPs.
import { Option } from 'commander'
import { validate } from '../../index.js'
import { withCommon, withDryRun, withExamples, withWait } from '../common-options.js'
import { each } from '../each.js'
import { parseTags, parseText, parseWhole } from '../parsers.js'
import { refuseProblems } from '../problems.js'
import { type Register, act } from '../register.js'
import { wrongArgument } from '../stop.js'

interface CreateArguments {
  description?: string
  tag?: string[]
  reverse?: string
  server?: string
  project?: string
  ipv6?: true
  count: number
  key?: string
  wait: boolean
  dryRun?: true
}

export const registerCreate: Register = (program, io) => {
  const command = program
    .command('create')
    .description('Creates flexible IPs in the zone of --zone, else in that of --server, else in the default zone.')
    .option('--description <text>', 'free text, at most 255 characters')
    .addOption(new Option('--tag <tag>', 'label; may be repeated').argParser(parseTags))
    .option('--reverse <name>', 'reverse DNS name, which must resolve to the address')
    .option('--server <server>', 'server to attach it to: name, id or zone/name')
    .option('--project <id>', 'Project that it belongs to (default: the default Project)')
    .option('--ipv6', 'an IPv6 /64 block instead of an IPv4 address')
    .addOption(new Option('--count <number>', 'how many').default(1).argParser(parseWhole(1, 64)))
    .addOption(new Option('--key <text>', 'idempotency key: a repeated create with the same key finds the first flexible IP').argParser(parseText))
  withExamples(
    withDryRun(withWait(withCommon(command))),
    ['flexip create --zone fr-par-1 --description mail --tag prod', 'one IPv4 address'],
    ['flexip create --server web-1 --ipv6', 'an IPv6 block, attached to a server'],
  )
  act<CreateArguments>(command, io, async (session, _, { server, count, key, tag, ipv6, project, description, reverse, wait, dryRun }) => {
    if (key !== undefined && count > 1) throw wrongArgument('--key is for one flexible IP, and --count makes several')
    const { client, servers, projectId, defaultZone } = await session.connection()
    const target = server === undefined ? undefined : await servers.find(server)
    const { zone: asked } = session.options
    if (asked !== undefined && target?.zone !== undefined && asked !== target.zone) throw wrongArgument(`the server ${server} is in ${target.zone}, not in ${asked}`, 'A flexible IP can be attached in its own zone only.')
    const zone = asked ?? target?.zone ?? defaultZone
    if (zone === undefined) throw wrongArgument('the zone of the new flexible IP is missing', 'Name it with --zone, or set SCW_DEFAULT_ZONE.')
    const owner = project ?? projectId
    const request = {
      zone,
      ...(owner !== undefined && { projectId: owner }),
      ...(description !== undefined && { description }),
      ...(tag && { tags: tag }),
      ...(reverse !== undefined && { reverse }),
      ...(ipv6 && { isIpv6: true }),
      ...(target && { serverId: target.id }),
    }
    if (dryRun) {
      refuseProblems(validate.createFlexibleIP(request))
      if (session.options.json) session.printObject({ action: 'create', count, ...request })
      else session.print(`create ${count} flexible ${count === 1 ? 'IP' : 'IPs'} in ${zone}${target ? ` on ${target.name ?? target.id}` : ''}`)
      return
    }
    const numbers = Array.from({ length: count }, (_, index) => `number ${index + 1}`)
    const { results, exitCode } = await each(session, numbers, (number) => number, async () => {
      const options = { ...session.call(), ...(key !== undefined && { idempotencyKey: key }) }
      if (target && wait) return client.createAndAttach({ ...request, serverId: target.id }, options)
      return client.createFlexibleIP(request, options)
    })
    if (results.length > 0) await session.printIps(results)
    return exitCode
  })
}
