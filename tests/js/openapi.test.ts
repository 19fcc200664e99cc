// Our description of the API beside the official one, where that is at hand.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Description, facts } from './support/openapi.js'

const root = join(import.meta.dirname, '../..')
const official = resolve(process.env.FLEXIP_OPENAPI ?? join(root, '../shared/openapi.yml'))
const ours = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8')) as Description

/** Why ours says something else, and which facts that is about: `-` are only theirs, `+` only ours. */
const reasons: [why: string, facts: RegExp][] = [
  ['the emulator serves servers and metadata, too', /^\+ (CreateServer|ListServers|GetServer|DeleteServer|GetMetadata): /],
  ['the official one names no refusal', /^\+ \w+: answers [45]\d\d$/],
  ['every field of an answer was always there in the recordings', /^\+ \w+: result\S* is required$/],
  ['dates and addresses were never null in the recordings, the MAC address often was', /^(- \w+: result\S*\.(created_at|updated_at)|\+ \w+: result\S*\.mac_address) may be null$/],
  ['an answer always says the enumerations, so no default stands in', /^- \w+: result\S* is (unknown|unknown_type) by default$/],
  ['an item of a query has no default either', /^- ListFlexibleIPs: query status\[\] is unknown by default$/],
  ['the six zones are the same in answers as in paths', /^\+ \w+: result\S*zone is one of fr-par-1, fr-par-2, nl-ams-1, nl-ams-2, pl-waw-2, pl-waw-3$/],
  ['the emulator takes null for absent, as the service was seen to for tags', /^\+ CreateFlexibleIP: body\.(description|tags|is_ipv6) may be null$/],
  ['an update without a body is one that changes nothing', /^- UpdateFlexibleIP: body is required$/],
  ['the official texts and SDKs say these defaults outside of the description', /^\+ (ListFlexibleIPs: query page is 1|ListFlexibleIPs: query page_size is 20|CreateFlexibleIP: body\.is_ipv6 is false) by default$/],
  ['nothing can be generated for no hypervisor', /^[-+] GenerateMACAddr: body\.mac_type is (one of|unknown_type by default)/],
  ['without a destination there is nothing to move to', /^\+ MoveMACAddr: body\.dst_fip_id is required$/],
]

function differences(): string[] {
  const theirs = new Set(facts(parse(readFileSync(official, 'utf8')) as Description))
  const mine = new Set(facts(ours))
  return [...[...theirs].filter((fact) => !mine.has(fact)).map((fact) => `- ${fact}`), ...[...mine].filter((fact) => !theirs.has(fact)).map((fact) => `+ ${fact}`)]
}

describe.skipIf(!existsSync(official))('beside the official description (skipped where it is absent)', () => {
  test('ours says the same, but for what has a reason', () => {
    expect(differences().filter((fact) => !reasons.some(([, about]) => about.test(fact)))).toEqual([])
  })

  test('every reason is still needed', () => {
    const found = differences()
    expect(reasons.filter(([, about]) => !found.some((fact) => about.test(fact)))).toEqual([])
  })

  test('most of both is the same', () => {
    const [theirs, mine] = [facts(parse(readFileSync(official, 'utf8')) as Description), new Set(facts(ours))]
    expect(theirs.filter((fact) => mine.has(fact)).length).toBeGreaterThan(0.8 * theirs.length)
  })
})
