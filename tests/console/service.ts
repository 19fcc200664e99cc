// A service in this process behind the proxy of a console. Others change it while the page is open, by `client`.
import type { Locator, Page } from 'playwright-core'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { FlexibleIpClient } from '../../pkg/index.js'
import type { ProxyFetch } from '../../pkg/proxy.js'
import { type ServiceProxy, proxyTo } from './support.js'

export interface Service {
  readonly emulator: FlexibleIpEmulator
  readonly client: FlexibleIpClient
  readonly proxy: ServiceProxy
  /** The id of a server of this name. */
  serverId(name: string): string
  /** Holds the requests of the page for which `which` is true, until `letGo`. */
  hold(which: (method: string, url: string) => boolean): void
  letGo(): void
  heldCount(): number
}

interface Settings {
  readonly seed: number
  /** The servers, in fr-par-1. */
  readonly names?: readonly string[]
  /** Gets each request of the page, before it can be held. */
  readonly arrived?: (...request: Parameters<ProxyFetch>) => void
  /** Gets each request of the page when it is let go, and may answer it. */
  readonly before?: (...request: Parameters<ProxyFetch>) => Promise<Response | undefined>
}

export function startService({ seed, names = ['one'], arrived, before }: Settings): Service {
  const emulator = new FlexibleIpEmulator({ seed, timing: 'instant', servers: names.map((name) => ({ zone: 'fr-par-1', name })) })
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
  let isHeld = (_method: string, _url: string): boolean => false
  let held: (() => void)[] = []
  const proxy = proxyTo(emulator, {
    async fetch(url, init) {
      arrived?.(url, init)
      if (isHeld(init.method, url)) await new Promise<void>((resolve) => held.push(resolve))
      return (await before?.(url, init)) ?? emulator.fetch(url, init)
    },
  })
  return {
    emulator,
    client,
    proxy,
    serverId(wanted) {
      const server = emulator.servers.find(({ name }) => name === wanted)
      if (!server) throw new Error(`there is no server ${wanted}`)
      return server.id
    },
    hold: (which) => void (isHeld = which),
    letGo() {
      isHeld = () => false
      for (const release of held) release()
      held = []
    },
    heldCount: () => held.length,
  }
}

/** Makes one flexible IP on a server for each description, in an empty service. Returns their ids. */
export async function attachNew({ emulator, client, serverId }: Pick<Service, 'emulator' | 'client' | 'serverId'>, server: string, descriptions: readonly string[]): Promise<string[]> {
  emulator.reset()
  const ids: string[] = []
  for (const description of descriptions) ids.push((await client.createAndAttach({ serverId: serverId(server), description })).id)
  return ids
}

/** Has the page read a zone again, as another tab does that has changed it. */
export const readAgain = (page: Page, zone = 'fr-par-1'): Promise<void> => page.evaluate((of) => new BroadcastChannel('flexip-console-proxy').postMessage(of), zone)

/** Presses the detach of an open dialog, whose answer is lost, and opens what is known of the doubt. */
export async function openLostDetach(page: Page, timeout: number): Promise<Locator> {
  await page.getByRole('button', { name: /^Detach 1\sIP$/ }).click({ timeout })
  const mark = page.locator('.row').getByRole('button', { name: 'in doubt' })
  await mark.waitFor({ timeout })
  await page.keyboard.press('Escape')
  await mark.click()
  return page.getByRole('dialog', { name: 'The answer to this detach was lost' })
}
