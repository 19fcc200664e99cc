// Runs scripts in network namespaces, with the tools that scripts/network-tools.mjs unpacked.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { NetworkFile } from '../../js/network.js'

/** The folder of the tools. */
export const tools = process.env.FLEXIP_NETWORK_TOOLS ?? ''
if (tools === '') throw new Error('run these tests by "npm run test:full -- network", which sets FLEXIP_NETWORK_TOOLS')

/** The command, as it is built. */
export const cli = join(import.meta.dirname, '../../pkg/cli.js')

/** The variables by which the tools are run. */
export const toolsEnv = {
  PATH: ['usr/local/sbin', 'sbin', 'usr/sbin', 'usr/bin', 'bin'].map((folder) => join(tools, folder)).join(':') + `:${process.env.PATH}:/usr/sbin:/sbin`,
  LD_LIBRARY_PATH: ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'lib/aarch64-linux-gnu'].map((folder) => join(tools, folder)).join(':'),
  PYTHONPATH: join(tools, 'usr/lib/python3/dist-packages'),
}

/** Runs a script of bash, and returns what it printed; `log` has the standard error too. Throws with both if it fails. */
export function bash(script: string, wrapper: string[] = [], timeout = 120_000): { out: string; log: string } {
  const [program = '', ...args] = [...wrapper, 'bash', '--norc', '-euc', `set -o pipefail\n${script}`]
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...toolsEnv }, timeout, killSignal: 'SIGKILL' })
  if (status !== 0) throw new Error(`exit code ${status} ${error?.message ?? ''}\n${script}\n${stdout}\n${stderr}`)
  return { out: stdout, log: stderr }
}

/**
 * Runs a script in namespaces that end with it: one of the network with an interface eth0, one of mounts in which /run
 * and /etc are copies. `folder` is bound to /run/files, and what it has in etc/ is in /etc.
 */
export function inNamespace(folder: string, script: string, mac: string): { out: string; log: string } {
  const prepare = `
    mount -t tmpfs tmpfs /run
    mount -t sysfs -o ro sysfs /sys
    mkdir -p /run/files /run/network /run/systemd/network
    mount --bind ${folder} /run/files
    cp -a /etc /run/etc
    rm -rf /run/etc/systemd/network /run/etc/netplan /run/etc/network
    mkdir -p /run/etc/systemd/network /run/etc/network/if-{pre-up,up,down,post-down}.d
    cp -a /run/files/etc/. /run/etc/
    mount --bind /run/etc /etc
    ip link add eth0 address ${mac} type veth peer name peer0
    ip link set lo up
    ip link set peer0 up`
  return bash(`${prepare}\n${script}`, ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'])
}

/** Writes files below a temporary folder, and passes the folder. */
export function withFiles<T>(files: readonly (Pick<NetworkFile, 'path' | 'content'> & Partial<NetworkFile>)[], use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'flexip-network-'))
  try {
    mkdirSync(join(folder, 'etc'))
    for (const { path, content, mode = '644', append } of files) {
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content, { mode: Number.parseInt(mode, 8), flag: append ? 'a' : 'w' })
    }
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
