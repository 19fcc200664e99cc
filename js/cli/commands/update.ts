// flexip update: description, tags and reverse of flexible IPs.
import { Option } from 'commander'
import { validate } from '../../index.js'
import { withCommon, withDryRun, withExamples } from '../common-options.js'
import { each } from '../each.js'
import { parseTags } from '../parsers.js'
import { refuseProblems } from '../problems.js'
import { againIfChanged, noteBefore } from '../recheck.js'
import { type Register, act } from '../register.js'
import { checkWords, readInventory, selectIps } from '../selection.js'
import { quoted, wrongArgument } from '../stop.js'
import { visible } from '../table.js'

interface UpdateArguments {
  description?: string
  tag?: string[]
  addTag?: string[]
  removeTag?: string[]
  tags?: false
  reverse?: string
  dryRun?: true
}

export const registerUpdate: Register = (program, io) => {
  const tags = (flags: string, text: string) => new Option(flags, text).argParser(parseTags)
  const command = program
    .command('update')
    .description('Changes the description, tags or reverse of flexible IPs. What is not named stays as it is.')
    .argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
    .option('--description <text>', 'new description; an empty text clears it')
    .addOption(tags('--tag <tag>', 'tag that replaces all others; may be repeated'))
    .addOption(tags('--add-tag <tag>', 'tag to add; may be repeated'))
    .addOption(tags('--remove-tag <tag>', 'tag to remove; may be repeated'))
    .option('--no-tags', 'remove all tags')
    .option('--reverse <name>', 'new reverse DNS name, which must resolve to the address')
  withExamples(withDryRun(withCommon(command)), ['flexip update 51.159.1.2 --description mail', 'a new description'], ['flexip update tag:old --remove-tag old --add-tag new', 'another tag, for several at once'])
  act<UpdateArguments>(command, io, async (session, words, { description, tag, addTag, removeTag, tags: keepsTags, reverse, dryRun }) => {
    const editsTags = tag !== undefined || addTag !== undefined || removeTag !== undefined || keepsTags === false
    if (description === undefined && reverse === undefined && !editsTags) throw wrongArgument('there is nothing to change', 'Name --description, --tag, --add-tag, --remove-tag, --no-tags or --reverse.')
    if (keepsTags === false && tag) throw wrongArgument('--no-tags and --tag exclude each other', 'To replace all tags: --tag. To remove all: --no-tags.')
    const both = addTag?.find((text) => removeTag?.includes(text))
    if (both !== undefined) throw wrongArgument(`--add-tag and --remove-tag both name ${quoted(both)}`, 'Name a tag in one of them.')
    checkWords(words)
    return againIfChanged(session, async () => {
      const inventory = await readInventory(session)
      const ips = await selectIps(session, words, inventory)
      const check = noteBefore(session, ips, inventory.ips)
      const { client } = await session.connection()
      const changes = ips.map((ip) => {
        const base = keepsTags === false ? [] : (tag ?? ip.tags)
        const next = [...new Set([...base.filter((text) => !removeTag?.includes(text)), ...(addTag ?? [])])]
        return { ip, request: { zone: ip.zone, fipId: ip.id, ...(description !== undefined && { description }), ...(reverse !== undefined && { reverse }), ...(editsTags && { tags: next }) } }
      })
      if (dryRun) {
        for (const { request } of changes) refuseProblems(validate.updateFlexibleIP(request))
        for (const { ip, request } of changes) {
          const { zone: _, fipId, ...fields } = request
          if (session.options.json) session.printObject({ action: 'update', address: ip.ipAddress, fipId, ...fields })
          else session.print(`update ${ip.ipAddress}: ${Object.entries(fields).map(([name, value]) => `${name} ${visible(JSON.stringify(value))}`).join(', ')}`)
        }
        return
      }
      // The service replaces all tags: one that came meanwhile would be lost.
      await check()
      const { results, exitCode } = await each(session, changes, ({ ip }) => ip.ipAddress, ({ request }) => client.updateFlexibleIP(request, session.call()))
      if (results.length > 0) await session.printIps(results)
      return exitCode
    })
  })
}
