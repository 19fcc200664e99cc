// The network tools of Debian that tests call, unpacked in build/network-tools/. Nothing is installed: on a
// machine that is in use, packages such as network-manager would take over its network.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstalled, aptUpdate } from './apt.mjs'
import { output, root, run } from './run.mjs'

const packages = ['cloud-init', 'corosync', 'ifupdown', 'iproute2', 'keepalived', 'libxml2-utils', 'netplan.io', 'network-manager', 'pacemaker', 'pacemaker-cli-utils', 'resource-agents', 'systemd']

// The command pcs needs only these of all that its package needs: the others are for its page, in Ruby.
const alone = ['pcs', 'python3-cryptography', 'python3-dacite', 'python3-dateutil', 'python3-lxml', 'python3-openssl', 'python3-pycurl', 'python3-pyparsing', 'python3-six', 'python3-tornado']

/** The folder of the tools. */
const folder = join(root, 'build/network-tools')

/**
 * The environment variable by which the tests find the tools; or the reason why there are none.
 * The tests need namespaces of the kernel, which only root can always make.
 */
export function networkTools() {
  if (process.getuid?.() !== 0) return { reason: 'only root makes network namespaces' }
  if (output('unshare', ['--net', '--mount', 'true']) === undefined) return { reason: 'this machine refuses network namespaces' }
  if (!isPresent() && !unpack()) return { reason: 'there is no apt-get that gives the packages' }
  return { env: { FLEXIP_NETWORK_TOOLS: folder } }
}

/** The names of the packages that were unpacked are in a file: others may be asked for later. */
const listed = 'packages.txt'
const names = [...packages, ...alone].join('\n')

function isPresent() {
  return existsSync(join(folder, listed)) && readFileSync(join(folder, listed), 'utf8') === names
}

/** Unpacks the packages, and those that they need and that are not installed. Returns whether that worked. */
function unpack() {
  if (!output('apt-get', ['--version'])) return false
  const fresh = `${folder}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(join(fresh, 'packages'), { recursive: true })
  try {
    aptUpdate()
    const plan = output('apt-get', ['install', '--simulate', '--no-install-recommends', ...packages]) ?? ''
    const planned = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name)
    const missing = [...new Set([...planned, ...alone])].filter((name) => !aptInstalled([name]))
    if (missing.length > 0) run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', ...missing], {}, { cwd: join(fresh, 'packages') })
    run('bash', ['-c', 'for package in packages/*.deb; do [ ! -e "$package" ] || dpkg-deb --extract "$package" .; done'], {}, { cwd: fresh })
  } catch (error) {
    console.log(`the packages could not be unpacked (${error.message})`)
    return false
  }
  rmSync(join(fresh, 'packages'), { recursive: true })
  writeFileSync(join(fresh, listed), names)
  rmSync(folder, { recursive: true, force: true })
  renameSync(fresh, folder)
  return true
}
