// Our OpenAPI description compared with the official one, where that file exists.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Description, facts } from './support/openapi.js'

const root = join(import.meta.dirname, '../..')
const official = resolve(process.env.FLEXIP_OPENAPI ?? join(root, '../shared/openapi.yml'))
const ours = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8')) as Description

/** The accepted differences, each with its reason. Facts with `-` are only in the official description, those with `+` only in ours. */
const differencesWithReason: [reason: string, pattern: RegExp][] = [
  ['the emulator serves servers, their offer, API keys and metadata too', /^\+ (CreateServer|ListServers|GetServer|DeleteServer|ListOffers|GetOffer|GetAPIKey|GetMetadata): /],
  ['the official description has no refusals', /^\+ \w+: answers [45]\d\d$/],
  ['every field of a response was always present in the recordings', /^\+ \w+: result\S* is required$/],
  ['dates and addresses were never null in the recordings, the MAC address often was', /^(- \w+: result\S*\.(created_at|updated_at)|\+ \w+: result\S*\.mac_address) may be null$/],
  ['a response always has the fields with an enumeration, so they need no default', /^- \w+: result\S* is (unknown|unknown_type) by default$/],
  ['an item of a query parameter needs no default either', /^- ListFlexibleIPs: query status\[\] is unknown by default$/],
  ['responses have the same six zones as paths', /^\+ \w+: result\S*zone is one of fr-par-1, fr-par-2, nl-ams-1, nl-ams-2, pl-waw-2, pl-waw-3$/],
  ['the emulator treats null as absent, as the recorded service does for tags', /^\+ CreateFlexibleIP: body\.(description|tags|is_ipv6) may be null$/],
  ['an update without a body is valid, and changes nothing', /^- UpdateFlexibleIP: body is required$/],
  ['the official texts and SDKs have these defaults, the official description does not', /^\+ (ListFlexibleIPs: query page is 1|ListFlexibleIPs: query page_size is 20|CreateFlexibleIP: body\.is_ipv6 is false) by default$/],
  ['a MAC address cannot be generated for an unknown type', /^[-+] GenerateMACAddr: body\.mac_type is (one of|unknown_type by default)/],
  ['a move needs a destination', /^\+ MoveMACAddr: body\.dst_fip_id is required$/],
]

function differences(): string[] {
  const theirs = new Set(facts(parse(readFileSync(official, 'utf8')) as Description))
  const own = new Set(facts(ours))
  return [...[...theirs].filter((fact) => !own.has(fact)).map((fact) => `- ${fact}`), ...[...own].filter((fact) => !theirs.has(fact)).map((fact) => `+ ${fact}`)]
}

describe.skipIf(!existsSync(official))('compared with the official description (skipped where it is absent)', () => {
  test('ours differs only where a reason is listed', () => {
    expect(differences().filter((fact) => !differencesWithReason.some(([, pattern]) => pattern.test(fact)))).toEqual([])
  })

  test('every listed reason applies to a difference', () => {
    const found = differences()
    expect(differencesWithReason.filter(([, pattern]) => !found.some((fact) => pattern.test(fact)))).toEqual([])
  })

  test('more than 80 percent of the official facts are in ours', () => {
    const [theirs, own] = [facts(parse(readFileSync(official, 'utf8')) as Description), new Set(facts(ours))]
    expect(theirs.filter((fact) => own.has(fact)).length).toBeGreaterThan(0.8 * theirs.length)
  })
})
