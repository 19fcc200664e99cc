// docs/guides/failover.md as a reader follows it: every file and every line that root types, in their order, on two hosts.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bash, tools } from './namespace.js'

interface Results {
  typed: { host: string; line: string; code: number | string; out: string }[]
  files: string[]
  owners: Record<'started' | 'stopped' | 'byHand', string>
  /** How the service of the timer ended: on the host that stopped, on the master, on the master after a detach by hand. */
  ticks: (number | string)[]
  changes: string[]
}

test('the guide leads from nothing to a pair whose flexible IP follows the master', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flexip-guide-'))
  try {
    bash(`cd ${join(import.meta.dirname, '../..')} && npm pack --ignore-scripts --silent --pack-destination ${folder}`)
    const [tarball = ''] = readdirSync(folder)
    const script = `
      mount -t tmpfs -o mode=755 tmpfs /run
      mount -t sysfs -o ro sysfs /sys
      exec ${process.execPath} ${join(import.meta.dirname, 'guide/run.mjs')} '${JSON.stringify({ tools, tarball: join(folder, tarball) })}'`
    const { out } = bash(script, ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'], 400_000)
    const { typed, files, owners, ticks, changes } = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Results
    expect(typed.filter(({ code }) => code !== 0)).toEqual([])
    const said = (host: string, line: string) => typed.filter((step) => step.host === host && step.line.startsWith(line)).map((step) => step.out.trim())
    expect(files).toEqual(['/etc/flexip.yaml', '/etc/keepalived/flexip-claim', '/etc/keepalived/keepalived.conf', '/etc/systemd/system/flexip-claim.service', '/etc/systemd/system/flexip-claim.timer'])
    expect(said('web-1', 'flexip --version')).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)])
    expect(said('web-2', 'flexip where')).toEqual([expect.stringContaining('is on no server'), expect.stringContaining('is on web-1')])
    // systemd finds nothing to say about the units.
    expect(said('web-1', 'systemctl enable --now flexip-claim.timer')).toEqual([''])
    expect(owners).toEqual({ started: 'web-1', stopped: 'web-2', byHand: 'web-2' })
    expect([ticks, changes]).toEqual([['skipped', 0, 0], []])
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 500_000)
