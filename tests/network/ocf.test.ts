// The resource agent under Pacemaker's own tester, with real addresses in a network namespace and the emulator on a port in it.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bash, cli, inNamespace, tools, withFiles } from './namespace.js'

const mac = '02:00:00:12:34:56'

/** The file that a cluster's node has in /usr/lib/ocf/resource.d/flexip/, as the guide says. */
const agent = `#!/bin/sh\nexec ${process.execPath} ${cli} ocf "$@"\n`

// The tester reads the DTD below /usr/share.
function tester(folder: string): string {
  const text = readFileSync(join(tools, 'usr/sbin/ocf-tester'), 'utf8').replace('DATADIR=/usr/share', `DATADIR=${tools}/usr/share`)
  const path = join(folder, 'ocf-tester')
  writeFileSync(path, text, { mode: 0o755 })
  return path
}

/** Runs a script with an emulator on a port that has servers web-1 and web-2 and a flexible IP on web-1 with the tag vip. */
function withEmulator(script: (folder: string) => string): string {
  return withFiles([{ path: '/flexip', content: agent }], (folder) => {
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'flexip'), 0o755)
    const { out } = inNamespace(
      folder,
      `
      ip link set eth0 up
      mkfifo /run/ready
      ${process.execPath} ${cli} emulator --port 4010 --server fr-par-1/web-1 --server fr-par-1/web-2 --json > /run/ready &
      emulator=$!
      read -r ready < /run/ready
      export SCW_SECRET_KEY=$(printf %s "$ready" | sed 's/.*"secretKey":"\\([^"]*\\)".*/\\1/') SCW_ACCESS_KEY=SCWXXXXXXXXXXXXXXXXX
      export SCW_CONFIG_PATH=/run/none SCW_DEFAULT_PROJECT_ID=$(printf %s "$ready" | sed 's/.*"projectId":"\\([^"]*\\)".*/\\1/')
      export OCF_ROOT=${tools}/usr/lib/ocf HA_RSCTMP=/run/resource-agents
      flexip() { ${process.execPath} ${cli} "$@"; }
      flexip create --api-url http://127.0.0.1:4010 --zone fr-par-1 --server web-1 --tag vip > /dev/null
      ${script(folder)}`,
      mac,
    )
    return out
  })
}

test('ocf-tester passes it, with the address on a real interface', () => {
  const out = withEmulator((folder) => `
    ${tester(folder)} -n vip -o ips=tag:vip -o server=web-2 -o interface=eth0 -o api_url=http://127.0.0.1:4010 ${folder}/flexip
    flexip where tag:vip --api-url http://127.0.0.1:4010
    ip -json address show dev eth0`)
  expect(out).toContain('passed all tests')
  expect(out).toContain('is on web-2')
  // The tester's last action is stop.
  expect(out).not.toContain('"prefixlen":32')
})

test('the tester refuses an agent whose monitor never says stopped, so that the test above can fail', () => {
  expect(() => withEmulator((folder) => `
    printf '#!/bin/sh\\n[ "$1" != monitor ] || exit 0\\nexec %s/flexip "$@"\\n' ${folder} > ${folder}/bad
    chmod 755 ${folder}/bad
    ${tester(folder)} -n vip -o ips=tag:vip -o server=web-2 -o api_url=http://127.0.0.1:4010 ${folder}/bad`)).toThrow(/Monitoring a stopped resource should return 7/)
})

test('the API can go away: monitor still says running, stop removes the address, and then monitor says stopped', () => {
  const out = withEmulator((folder) => `
    export OCF_RESOURCE_INSTANCE=vip OCF_RESKEY_ips=tag:vip OCF_RESKEY_server=web-2 OCF_RESKEY_interface=eth0 OCF_RESKEY_api_url=http://127.0.0.1:4010
    ${folder}/flexip start
    ip -oneline address show dev eth0 | grep -c /32
    kill -9 $emulator
    for action in monitor stop monitor; do code=0; ${folder}/flexip $action || code=$?; echo "$action $code"; done
    ip -oneline address show dev eth0 | grep -c /32 || true`)
  expect(out.trim().split('\n')).toEqual(['1', 'monitor 0', 'stop 0', 'monitor 7', '0'])
})

test('the meta-data is valid by the DTD of resource-agents', () => {
  const { out } = bash(`${process.execPath} ${cli} ocf meta-data | (cd ${tools}/usr/share/resource-agents && xmllint --valid -)`)
  expect(out).toContain('<resource-agent name="flexip"')
})
