// Argument lists that are wrong, each in another way: the code is right, the line helps, and nothing is changed.
import { describe, expect, test } from 'vitest'
import { world } from './support.js'

const longText = 'x'.repeat(100_000)
const id = '11111111-1111-4111-8111-111111111111'
const words = ['', ' ', '-', '.', '..', '/', '*', '?', '~', '$HOME', '`id`', '$(id)', 'a b', '\t', '\n', '\u001b[2J', '\u202e', '\u{1f600}', '%00', '../../etc/passwd', 'null', 'undefined', '0', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.4/33', '::1::', 'fe80::1%eth0', 'tag:', 'server:', 'id:x', `${id}x`, `{${id}}`, "' OR 1=1", '<script>', 'https://example.org', 'x:y', longText]
const misspelt = ['lst', 'gett', 'creat', 'upd', 'remove', 'attch', 'detatch', 'failovr', 'claims', 'wher', 'destination', 'pln', 'aply', 'wach', 'completions', 'macs', '__proto__', 'constructor', 'toString', '']

/** The argument lists by the code that they end with. */
const lists: Record<number, string[][]> = {
  2: [
    // Words that name nothing.
    ...words.map((word) => ['where', '--', word]),
    ...words.slice(0, 20).map((word) => ['rm', '--yes', '--', word]),
    // Commands that do not exist.
    ...misspelt.map((name) => [name]),
    ['mac'],
    ['mac', 'x'],
    ['mac', 'generate'],
    ['mac', 'duplicate', '1.2.3.4'],
    ['mac', 'move', '1.2.3.4'],
    ['mac', 'move', '1.2.3.4', '1.2.3.5', '1.2.3.6'],
    ['mac', 'rm'],
    ['mac', 'generate', '1.2.3.4', '--type', 'hyperv'],
    // Arguments that are missing, or too many.
    ...['get', 'where', 'update', 'rm', 'attach', 'detach', 'failover', 'claim', 'destinations', 'plan', 'apply', 'watch', 'completion'].map((name) => [name]),
    ['attach', 'web-1'],
    ['claim', 'web-1'],
    ['failover', 'web-1'],
    ['create', 'x'],
    ['servers', 'x'],
    ['servers', '--dry-run'],
    ['mcp', 'x'],
    ['mcp', '--write', '--read-only'],
    ['mcp', '--service'],
    ['mcp', '--profile', 'prod'],
    ['emulator', 'x'],
    ['plan', 'a', 'b'],
    ['apply', 'a', 'b'],
    ['completion', 'powershell'],
    ['completion', 'bash', 'zsh'],
    // Options that do not exist, or belong to another command.
    ...['ls', 'get', 'create', 'rm', 'claim', 'plan', 'emulator'].flatMap((name) => [[name, '--nope'], [name, '-x']]),
    ['ls', '--yes'],
    ['ls', '--wait'],
    ['get', '1.2.3.4', '--dry-run'],
    ['ls', '--secret-key', 'x'],
    ['failover', 'a', 'b', '--while', 'true'],
    ['claim', 'a', '1.2.3.4', '--no-wait'],
    // Values that are wrong.
    ...['', '0', '-1', 'x', '1d', '1e3', 'NaN', 'Infinity', '25h', '1.5.2s', '５s', '0ms'].map((value) => ['ls', `--timeout=${value}`]),
    ...['', 'mars', 'fr-par-3', 'FR-PAR-1', 'fr-par-1 ', 'fr-par-1/web-1'].map((value) => ['ls', `--zone=${value}`]),
    ...['', 'x', 'ftp://a', 'http://', 'http://a/', 'http://u:p@a', 'javascript:1', '//a'].map((value) => ['ls', `--api-url=${value}`]),
    ...['', 'x', 'Ready', 'attached,ready'].map((value) => ['ls', `--status=${value}`]),
    ...['', '0', '65', '-1', '1.5', 'x'].map((value) => ['create', '--zone', 'fr-par-1', `--count=${value}`]),
    ['create', '--zone', 'fr-par-1', '--count', '2', '--key', 'k'],
    ['create', '--zone', 'fr-par-1', '--key', ''],
    ['create', '--zone', 'fr-par-1', '--tag', ''],
    ['create', '--zone', 'fr-par-1', '--project', 'x'],
    ['create', '--zone', 'fr-par-1', '--description', 'x'.repeat(256)],
    ['create', '--zone', 'fr-par-1', '--server', ''],
    ['create'],
    ['update', '1.2.3.4'],
    ['update', 'tag:x', '--add-tag', ''],
    ['failover', 'web-1', 'web-1'],
    ['failover', 'web-1', ''],
    ['failover', 'web-1', 'web-2', 'x'],
    ['claim', '', '1.2.3.4'],
    ['claim', 'web-1', 'x'],
    ['attach', 'server:', '1.2.3.4'],
    ['plan', '/nowhere/topology.yaml'],
    ['plan', '/'],
    ['plan', ''],
    ['apply', '/nowhere/plan.json', '--yes'],
    // Watches that cannot decide.
    ...['web-1', 'web-1=', '=tcp://a:1', 'web-1=tcp://a', 'web-1=tcp://a:0', 'web-1=udp://a:1', 'web-1=command:', 'web-1=a:1', 'web-1=tcp://a:99999'].map((check) => ['watch', check, 'web-2=tcp://127.0.0.1:1', '--ip', '1.2.3.4', '--rounds', '1']),
    ['watch', 'web-1=tcp://127.0.0.1:1', '--ip', '1.2.3.4'],
    ['watch', 'web-1=tcp://127.0.0.1:1', 'web-1=tcp://127.0.0.1:2', '--ip', '1.2.3.4'],
    ['watch', 'web-1=tcp://127.0.0.1:1', 'web-2=tcp://127.0.0.1:1'],
    ['watch', 'web-1=tcp://127.0.0.1:1', 'web-2=tcp://127.0.0.1:1', '--ip', 'x'],
    ['watch', 'web-1=tcp://127.0.0.1:1', 'web-2=tcp://127.0.0.1:1', '--ip', '1.2.3.4', '--fall', '3', '--of', '2'],
    ['watch', 'web-1=tcp://127.0.0.1:1', 'web-2=tcp://127.0.0.1:1', '--ip', '1.2.3.4', '--fall', '0'],
    ['watch', 'web-1=tcp://127.0.0.1:1', 'web-2=tcp://127.0.0.1:1', '--ip', '1.2.3.4', '--cool-down', 'never'],
  ],
  // Names of nothing that exists.
  8: [
    ...['9.9.9.9', '2001:db8::1', '::', '0.0.0.0', '2001:db8::/32', id, 'tag:none', 'tag:a b', 'tag:__proto__', 'server:none', 'server:web-2', `server:${id}`, 'server:nl-ams-1/web-1'].flatMap((word) => [['get', word], ['rm', word, '--yes'], ['destinations', word]]),
    ['claim', 'none', 'tag:vip'],
    ['attach', 'fr-par-1/db-1', 'tag:vip'],
    ['failover', 'none', 'web-2'],
    ['failover', 'web-1', 'none'],
    ['create', '--server', 'none'],
    ['create', '--zone', 'nl-ams-1', '--server', 'web-1'],
  ],
  // What a rule refuses.
  3: [
    ['rm', 'tag:vip'],
    ['detach', 'tag:vip'],
    ['attach', 'web-2', 'tag:vip'],
    ['claim', 'db-1', 'tag:vip'],
    ['failover', 'web-1', 'db-1'],
    ['mac', 'duplicate', 'tag:vip', 'tag:spare'],
  ],
}

const cases = Object.entries(lists).flatMap(([code, list]) => list.map((args): [number, string[]] => [Number(code), args]))

test('there are more than 200 lists', () => expect(cases.length).toBeGreaterThan(200))

describe('a hostile argument list', () => {
  test('ends with the right code, a short line that helps, and no change', async () => {
    const { flexip, create, emulator } = await world()
    await create('web-1', { tags: ['vip'] })
    await create(undefined, { tags: ['spare'] })
    emulator.clearJournal()
    const wrong: unknown[] = []
    for (const [code, args] of cases) {
      const ended = await flexip(args)
      const text = ended.err
      const isHelpful = text.startsWith('error: ') || text.startsWith('Usage: ')
      const isClean = !/\n {4}at |\[object|undefined|\bNaN\b|[\u0000-\u0008\u000b-\u001f\u202e]/.test(text.replaceAll(/"undefined"|'NaN'|'undefined'/g, ''))
      if (ended.code !== code || ended.out !== '' || !isHelpful || !isClean || text.length > 6000) wrong.push({ args: args.map((arg) => arg.slice(0, 60)), code, ended: { ...ended, err: text.slice(0, 300) } })
    }
    expect(wrong).toEqual([])
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})
