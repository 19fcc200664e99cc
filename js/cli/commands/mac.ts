// flexip mac: virtual MAC addresses.
import { type Command, Option } from 'commander'
import type { FlexibleIP } from '../../index.js'
import { commandLine } from '../command-line.js'
import { withCommon, withDryRun, withExamples, withWait, withYes } from '../common-options.js'
import { confirm } from '../confirm.js'
import { each } from '../each.js'
import { exitCodes } from '../exit-codes.js'
import { noteBefore } from '../recheck.js'
import { type Register, act } from '../register.js'
import { checkWords, readInventory, selectIps } from '../selection.js'
import type { Session } from '../session.js'
import { Stop, quoted } from '../stop.js'

interface MacArguments {
  type?: 'kvm' | 'xen' | 'vmware'
  wait: boolean
  dryRun?: true
  yes?: true
}

const anyIp = 'address, id, tag:<tag> or server:<name>'

export const registerMac: Register = (program, io) => {
  const mac = program.command('mac').description('Generates, duplicates, moves and deletes virtual MAC addresses.')
  const add = (name: string, description: string) => mac.command(name).description(description)
  const finish = (command: Command, line: string, meaning: string) => withExamples(withDryRun(withWait(withCommon(command))), [line, meaning])

  const generate = add('generate', 'Gives flexible IPs a new virtual MAC address each.').argument('<ip...>', anyIp)
  generate.addOption(new Option('--type <hypervisor>', 'hypervisor of the virtual machine').choices(['kvm', 'xen', 'vmware']).default('kvm'))
  withYes(finish(generate, 'flexip mac generate 51.159.1.2 --type kvm', 'for a virtual machine of KVM'))
  act<MacArguments>(generate, io, async (session, words, { type = 'kvm', wait, dryRun, yes }) => {
    const { ips, all } = await selected(session, words)
    const check = noteBefore(session, ips, all)
    if (!dryRun) await confirmReplacement(session, yes, ips)
    const { client } = await session.connection()
    return change(session, ips, { check, dryRun, wait }, (ip) => `generate a ${type} address for ${ip.ipAddress}${inPlaceOf(ip)}`, (ip) => client.generateMACAddr({ zone: ip.zone, fipId: ip.id, macType: type }, session.call()))
  })

  const duplicate = add('duplicate', 'Gives flexible IPs the virtual MAC address of another on the same server: they are then one MAC group.').argument('<from>', 'the flexible IP that has it').argument('<to...>', anyIp)
  withYes(finish(duplicate, 'flexip mac duplicate 51.159.1.2 51.159.1.3', '51.159.1.3 gets the address of 51.159.1.2'))
  act<MacArguments>(duplicate, io, async (session, [from = '', ...words], { wait, dryRun, yes }) => {
    const { source, others, all } = await sourceAndOthers(session, from, words)
    const check = noteBefore(session, [source, ...others], all)
    if (!dryRun) await confirmReplacement(session, yes, others, source)
    const { client } = await session.connection()
    return change(session, others, { check, dryRun, wait }, (ip) => `give ${ip.ipAddress} the address of ${source.ipAddress}${inPlaceOf(ip, source)}`, (ip) => client.duplicateMACAddr({ zone: ip.zone, fipId: ip.id, duplicateFromFipId: source.id }, session.call()))
  })

  const move = add('move', 'Moves the virtual MAC address of a flexible IP, which then has none, to another, which is printed.').argument('<from>', 'the flexible IP that has it').argument('<to>', 'the flexible IP that gets it')
  withYes(finish(move, 'flexip mac move 51.159.1.2 51.159.1.3', 'asks first: 51.159.1.3 gets the address, and 51.159.1.2 has none'))
  act<MacArguments>(move, io, async (session, [from = '', to = ''], { wait, dryRun, yes }) => {
    const { source, others, all } = await sourceAndOthers(session, from, [to])
    const check = noteBefore(session, [source, ...others], all)
    if (others.length > 1) throw new Stop(exitCodes.arguments, `${quoted(to)} names ${others.length} flexible IPs`, 'A virtual MAC address moves to one.')
    refuseSplit(source, others, all)
    const step = (ip: FlexibleIP) => `the virtual MAC address ${source.macAddress?.macAddress ?? ''} of ${source.ipAddress}, which then has none, to ${ip.ipAddress}${inPlaceOf(ip, source)}`
    if (!dryRun) for (const ip of others) await confirm(session, yes, `Move ${step(ip)}`)
    const { client } = await session.connection()
    return change(session, others, { check, dryRun, wait }, (ip) => `move ${step(ip)}`, (ip) => client.moveMACAddr({ zone: source.zone, fipId: source.id, dstFipId: ip.id }, session.call()))
  })

  const remove = add('rm', 'Deletes the virtual MAC addresses of flexible IPs.').argument('<ip...>', anyIp)
  withYes(finish(remove, 'flexip mac rm 51.159.1.2', 'asks first'))
  act<MacArguments>(remove, io, async (session, words, { wait, dryRun, yes }) => {
    const { ips, all } = await selected(session, words)
    const withMac = ips.filter(({ macAddress }) => macAddress)
    const check = noteBefore(session, withMac, all)
    if (withMac.length > 0 && !dryRun) await confirm(session, yes, `Delete the virtual MAC address of ${listOf(withMac)}`)
    const { client } = await session.connection()
    if (withMac.length === 0) session.say('nothing to do')
    return change(session, withMac, { check, dryRun, wait }, (ip) => `delete the address of ${ip.ipAddress}`, async (ip) => {
      const request = { zone: ip.zone, fipId: ip.id }
      await client.deleteMACAddr(request, session.call())
      return client.getFlexibleIP(request, session.call())
    })
  })
}

/** A MAC group is on one server: an address that others share cannot move to another. */
function refuseSplit(source: FlexibleIP, targets: readonly FlexibleIP[], all: readonly FlexibleIP[]): void {
  const group = all.filter(({ id, macAddress }) => id !== source.id && macAddress?.id === source.macAddress?.id)
  const target = targets.find(({ serverId }) => serverId !== source.serverId)
  if (target && group.length > 0) throw new Stop(exitCodes.refused, `${group.map(({ ipAddress }) => ipAddress).join(', ')} shares the virtual MAC address of ${source.ipAddress}, and ${target.ipAddress} is not on their server`, 'A MAC group is on one server.')
}

function listOf(ips: readonly FlexibleIP[]): string {
  return ips.map(({ ipAddress, macAddress }) => `${ipAddress} (${macAddress?.macAddress ?? ''})`).join(', ')
}

/** Whether the flexible IP has a virtual MAC address that it would lose: another one than that of the source. */
function losesAddress({ macAddress }: FlexibleIP, source?: FlexibleIP): boolean {
  return macAddress !== undefined && macAddress.id !== source?.macAddress?.id
}

/** Asks before virtual MAC addresses are replaced. */
async function confirmReplacement(session: Session, yes: boolean | undefined, ips: readonly FlexibleIP[], source?: FlexibleIP): Promise<void> {
  const replaced = ips.filter((ip) => losesAddress(ip, source))
  if (replaced.length > 0) await confirm(session, yes, `Replace the virtual MAC address of ${listOf(replaced)}`)
}

function inPlaceOf(ip: FlexibleIP, source?: FlexibleIP): string {
  return losesAddress(ip, source) ? `, in place of ${ip.macAddress?.macAddress ?? ''}` : ''
}

async function selected(session: Session, words: readonly string[]): Promise<{ ips: FlexibleIP[]; all: FlexibleIP[] }> {
  checkWords(words)
  const inventory = await readInventory(session)
  return { ips: await selectIps(session, words, inventory), all: inventory.ips }
}

async function sourceAndOthers(session: Session, from: string, words: string[]): Promise<{ source: FlexibleIP; others: FlexibleIP[]; all: FlexibleIP[] }> {
  checkWords([from, ...words])
  const inventory = await readInventory(session)
  const [source, ...more] = await selectIps(session, [from], inventory)
  if (!source || more.length > 0) throw new Stop(exitCodes.arguments, `${quoted(from)} names ${more.length + 1} flexible IPs`, 'Name one, which has the virtual MAC address.')
  if (!source.macAddress) throw new Stop(exitCodes.refused, `${source.ipAddress} has no virtual MAC address`, `To give it one: ${commandLine(session.options, 'mac generate', [source.ipAddress])}`)
  const others = (await selectIps(session, words, inventory)).filter(({ id }) => id !== source.id)
  if (others.length === 0) throw new Stop(exitCodes.arguments, 'source and destination are the same flexible IP')
  const foreign = others.find(({ zone }) => zone !== source.zone)
  if (foreign) throw new Stop(exitCodes.refused, `${source.ipAddress} is in ${source.zone}, and ${foreign.ipAddress} in ${foreign.zone}`, 'A virtual MAC address stays in its zone.')
  return { source, others, all: inventory.ips }
}

/** Checks that what was read still holds, makes the change of each flexible IP, waits until it is at rest, and prints it. */
async function change(session: Session, ips: readonly FlexibleIP[], { check, dryRun, wait }: { check: () => Promise<void>; dryRun: boolean | undefined; wait: boolean }, step: (ip: FlexibleIP) => string, make: (ip: FlexibleIP) => Promise<FlexibleIP>) {
  if (dryRun) {
    for (const ip of ips) {
      if (session.options.json) session.printObject({ action: step(ip), address: ip.ipAddress, fipId: ip.id })
      else session.print(step(ip))
    }
    return
  }
  await check()
  const { client } = await session.connection()
  const { results, exitCode } = await each(session, ips, ({ ipAddress }) => ipAddress, async (ip) => {
    const changed = await make(ip)
    return wait ? client.waitForFlexibleIP({ zone: ip.zone, fipId: changed.id }, session.call()) : changed
  })
  if (results.length > 0) await session.printIps(results)
  return exitCode
}
