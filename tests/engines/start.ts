// Starts an engine with a page, and ends it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const miniBrowsers = ['4.1', '6.0', '4.0'].map((version) => `/usr/lib/x86_64-linux-gnu/webkit2gtk-${version}/MiniBrowser`)

/** The engines: the program of each with its arguments, for a page and a new folder. */
const engines: Record<string, (url: string, folder: string) => string[]> = {
  Chromium: (url, folder) => [process.env.CHROME_PATH ?? 'chromium', '--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run', `--user-data-dir=${folder}`, url],
  Firefox: (url, folder) => ['firefox-esr', '--headless', '--no-remote', '--profile', folder, url],
  // WebKitGTK needs a display.
  WebKit: (url) => ['xvfb-run', '-a', miniBrowsers.find(existsSync) ?? 'MiniBrowser', url],
}

export const engineNames = Object.keys(engines)

export interface Engine {
  stop(): void
}

export function startEngine(name: string, url: string): Engine {
  const folder = mkdtempSync(join(tmpdir(), 'flexip-engine-'))
  const [program = '', ...args] = engines[name]?.(url, folder) ?? []
  if (spawnSync('sh', ['-c', 'command -v "$0"', program]).status !== 0) throw new Error(`${name} needs ${program}, which was not found`)
  // In a new group, because an engine has several processes.
  const child: ChildProcess = spawn(program, args, { detached: true, stdio: 'ignore', env: { ...process.env, HOME: folder, MOZ_HEADLESS: '1', WEBKIT_DISABLE_COMPOSITING_MODE: '1' } })
  return {
    stop() {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
