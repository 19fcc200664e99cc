// What is said of the output of commands of the user, and how long an argument may be.
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { processIo } from '../../js/cli/io.js'
import { sayLines } from '../../js/cli/lines.js'
import { commandLine } from '../../js/cli/command-line.js'
import { Secrets, mayHavePassword } from '../../js/cli/secrets.js'
import { flexip, world } from './support.js'

const leftOut = 'what else this run of the command prints is left out'

/** Runs a command of the shell. */
async function shell(command: string, signal = new AbortController().signal) {
  const lines: string[] = []
  const code = await processIo().shell(command, signal, {}, (line) => void lines.push(line))
  return { code, lines }
}

describe('a command of --while or of a check', () => {
  test.skipIf(process.platform === 'win32')('that prints more than 500 lines or 65,536 characters ends as without it, and the rest is left out', async () => {
    const many = await shell('seq 200000; exit 3')
    expect([many.code, many.lines.length, many.lines.slice(-2)]).toEqual([3, 501, ['500', leftOut]])
    const long = await shell('head -c 20000000 /dev/zero; exit 4')
    expect([long.code, long.lines.map((line) => line.length)]).toEqual([4, [65_537, leftOut.length]])
  })

  test.skipIf(process.platform === 'win32')('that prints without end keeps neither its kill nor the process from their work', async () => {
    const stop = new AbortController()
    let beats = 0
    const lines: string[] = []
    const beat = () => {
      beats += 1
      if (lines.includes(leftOut) && beats > 100) stop.abort()
      else setImmediate(beat)
    }
    beat()
    expect(await processIo().shell('yes', stop.signal, {}, (line) => void lines.push(line))).toBe(137)
    expect(lines).toHaveLength(501)
  })

  test.skipIf(process.platform === 'win32')('that prints without end ends a claim after its ten seconds', async () => {
    const { flexip, create, emulator } = await world()
    const ip = await create('web-1')
    emulator.clearJournal()
    const { shell } = processIo()
    expect(await flexip(['claim', 'web-2', ip.ipAddress, '--while', 'yes'], { shell })).toMatchObject({ code: 10, err: expect.stringContaining('--while has not ended within 10 s') as string })
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('is said line by line, however its output is cut into parts', async () => {
    const stream = new PassThrough()
    const lines: string[] = []
    sayLines([stream], (line) => void lines.push(line))
    for (const part of ['a\r', '\nb', 'c\n\nd\re', Buffer.from([0xc3]), Buffer.from([0xa4]), '\r']) stream.write(part)
    stream.end()
    await new Promise((resolve) => stream.once('close', resolve))
    expect(lines).toEqual(['a', 'bc', '', 'd', 'eä'])
  })
})

describe('an argument of 400,000 characters', () => {
  test.each(['x', 'key', 'key=', '--key ', "key='", '-', ' '])('made of %j is searched for secrets in a moment', (part) => {
    const text = part.repeat(400_000 / part.length)
    const start = performance.now()
    for (const arg of [text, `true ${text}`, `--${text}`]) new Secrets({}).addArguments([arg])
    // With the square of its length it would take minutes.
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  test.each([
    [['--password', 'swordfish'], 'swordfish'],
    [['--api-token=swordfish'], 'swordfish'],
    [['MY_SECRET=sword fish'], 'sword'],
    [['--while', 'check --password swordfish; true'], 'swordfish'],
    [['--while', "A=b TOKEN='sword fish' check"], 'sword fish'],
    [['--while', 'check a=b&token="swordfish" || false'], 'swordfish'],
    [['--while', `true ${'x'.repeat(400)} --key=swordfish)`], 'swordfish'],
    [['--passwordswordfish'], 'swordfish'],
    [['--secret-keyswordfish'], 'swordfish'],
    [['--passwdswordfish'], 'swordfish'],
    [['-pswordfish'], 'swordfish'],
    [['-uroot:swordfish'], 'root:swordfish'],
    [['--pass=swordfish'], 'swordfish'],
    [['--auth', 'swordfish'], 'swordfish'],
    [['--proxy-user=root:swordfish'], 'root:swordfish'],
    [['--user', 'root:swordfish'], 'root:swordfish'],
    [['--while', 'curl --user root:swordfish x'], 'root:swordfish'],
  ])('or less has its secrets found: %j', (args, secret) => {
    const secrets = new Secrets({})
    secrets.addArguments(args)
    expect(secrets.cleanMessage(`before ${secret} after`)).toBe('before [secret] after')
  })
})

describe('an argument', () => {
  test.each([['--password'], ['--passwords'], ['--passphrase'], ['--passwd'], ['--secret-key'], ['--while', 'systemctl --user is-active x']])('has no secret where it has no value: %j', (...args) => {
    const secrets = new Secrets({})
    secrets.addArguments(args)
    for (const text of [...args, 'is-active']) expect(secrets.cleanMessage(`unknown option '${text}'`)).toBe(`unknown option '${text}'`)
  })

  test.each([['--passwordhunter2'], ['-phunter2'], ['--pwd=hunter2'], ['--user=root:hunter2']])('that is no option of the command is not repeated with its value: %s', async (word) => {
    for (const json of [[], ['--json']]) expect(await flexip(['ls', word, ...json])).toMatchObject({ code: 2, err: expect.not.stringContaining('hunter2') as string })
  })
})

describe('the command of --while', () => {
  test.each([
    'check --password hunter2 && test -e /',
    'check(){ :; }; check --password=hunter2; test -e /etc',
    'PASSWORD="hun ter2" check',
    'PASSWORD="hun\\"ter2" check',
    "PASSWORD='hun'ter2 check",
    'PASSWORD=$(echo hunter2) check',
    'PASSWORD=`echo hunter2` check',
    'PASSWORD+=hunter2 check',
    "check --password=hun'ter2'",
    "check --password='a'hunter2",
    'check --password=hun\\ ter2',
    'check --password=\\\nhunter2',
    'check --pass\\\nword hunter2',
    'check "--password" "hunter2"',
    "check '--password' hunter2",
    "check --pass'word' hunter2",
    'check --password "-hunter2"',
    'check --password $\'hun\\x74er2\'',
    'check --pass "hunter2"',
    'check -u me:hunter2',
    'check "-u" me:hunter2',
    'check -ume:hunter2',
    'check --user me:hunter2',
    'check --user=me:hunter2',
    'mysql -phunter2',
    'sshpass -p hunter2 ssh x',
    'openssl passwd hunter2',
    'check --token="hunter2"',
    'check -H "X-Auth-Token: hunter2"',
    'check -H "Authorization: Bearer hunter2"',
    'check -H "Cookie: s=hunter2"',
    "sh -c 'check --api-key hunter2'",
    'curl http://me:hunter2@127.0.0.1/',
    "curl http://me:hun'ter2'@127.0.0.1/",
    'curl http://127.0.0.1/?token=hunter2',
    'curl --proxy-user root:hunter2 x',
    'curl --proxy-user=root:hunter2 x',
    'curl "--proxy-user" hunter2 x',
    'curl -U root:hunter2 x',
    'curl -sSuroot:hunter2 http://x',
    'curl -sSu root:hunter2 http://x',
    "curl -sSu 'root:hunter2' http://x",
    'curl -sSu root:4711 http://hunter2',
    'check --as root:hunter2',
    'check --login=root:hunter2',
  ])('is not shown if it may have a password in it: %j', (condition) => {
    expect(commandLine({ while: condition }, 'claim', ['web-1'])).toBe("flexip claim '--while=[secret]' web-1")
    for (const args of [['claim', '--whlie=' + condition], ['watch', 'web-1=comand:' + condition]]) {
      const secrets = new Secrets({})
      secrets.addArguments(args)
      expect(secrets.cleanMessage(`error: unknown ${args[1]}`)).not.toContain('ter2')
    }
  })

  test.each(['true', 'test -e /run/is-master', 'ip -4 address show dev eth0 | grep -q 10.0.0.1', 'ssh-keygen -F x && test -e key', 'check --keys -v; test -e /etc', "grep -q 'MASTER' /run/token file", 'systemctl is-active keepalived', 'curl -fs http://127.0.0.1:8080/health', 'ping -6 -c 1 2001:db8::1', 'ping -c 1 fe80::1%eth0', 'nc -z 10.0.0.1:443; true', 'rsync -n host:/etc/hosts x', 'curl -fsS --max-time 2 http://127.0.0.1/', 'ssh -q host true'])('is shown if it has none: %j', (condition) => {
    expect(commandLine({ while: condition }, 'claim')).toContain(condition.replaceAll("'", "'\\''"))
  })

  test.each(['x', 'key', 'key/', '--key -', "key'", ' ', '://', '\\', "'", ' -', ' -x', ' -xu', ' --x=', ` -${'x'.repeat(300)}`])('of 400,000 characters, made of %j, is searched in a moment', (part) => {
    const start = performance.now()
    expect(mayHavePassword(part.repeat(400_000 / part.length))).toBe(false)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
