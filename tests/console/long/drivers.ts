// Firefox by Playwright, and WebKitGTK by its WebDriver on a display that nothing shows. Both only load pages and
// evaluate expressions in them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { firefox } from 'playwright-core'

/** A browser with one page. */
export interface Driver {
  goto(url: string): Promise<void>
  /** Evaluates an expression in the page. */
  evaluate(expression: string): Promise<unknown>
  close(): Promise<void>
}

/** A program of the environment, which `npm run test:long -- console` sets. */
function program(name: string): string {
  const path = process.env[name]
  if (path === undefined) throw new Error(`${name} is not set: run npm run test:long -- console`)
  return path
}

export async function startFirefox(): Promise<Driver> {
  const browser = await firefox.launch({ channel: 'moz-firefox', executablePath: program('FLEXIP_FIREFOX') })
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  return {
    goto: async (url) => void (await page.goto(url)),
    evaluate: (expression) => page.evaluate(expression),
    close: () => browser.close(),
  }
}

export async function startWebKit(): Promise<Driver> {
  const started: ChildProcess[] = []
  const end = async (): Promise<void> => {
    for (const child of started.reverse()) {
      if (child.exitCode !== null) continue
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
  try {
    const display = spawn(program('FLEXIP_XVFB'), ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    started.push(display)
    const [number] = (await once(createInterface(display.stdio[3] as NodeJS.ReadableStream), 'line')) as [string]
    const port = await freePort()
    const driver = spawn(program('FLEXIP_WEBKIT_DRIVER'), [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore', env: { ...process.env, DISPLAY: `:${number}` } })
    started.push(driver)
    const send = sender(`http://127.0.0.1:${port}`)
    await untilReady(send, driver)
    const options = { binary: program('FLEXIP_WEBKIT'), args: ['--automation'] }
    const { sessionId } = (await send('POST', '/session', { capabilities: { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options } } })) as { sessionId: string }
    const session = `/session/${sessionId}`
    await send('POST', `${session}/window/rect`, { x: 0, y: 0, width: 1440, height: 900 })
    return {
      goto: async (url) => void (await send('POST', `${session}/url`, { url })),
      // A promise is awaited in the page, as Playwright does.
      evaluate: async (expression) => {
        const script = `const done = arguments[arguments.length - 1]; Promise.resolve().then(() => (${expression})).then((value) => done([value]), (error) => done(String(error)))`
        const result = await send('POST', `${session}/execute/async`, { script, args: [] })
        if (!Array.isArray(result)) throw new Error(String(result))
        return result[0] as unknown
      },
      close: async () => {
        // The driver may have ended; its process is ended next.
        await send('DELETE', session).catch(() => undefined)
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

type Send = (method: string, path: string, body?: object) => Promise<unknown>

function sender(url: string): Send {
  return async (method, path, body) => {
    const response = await fetch(url + path, { method, ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) })
    const { value } = (await response.json()) as { value: unknown }
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`)
    return value
  }
}

/** The driver says nothing when it listens. */
async function untilReady(send: Send, driver: ChildProcess): Promise<void> {
  for (;;) {
    const status = await send('GET', '/status').catch(() => undefined)
    if (status !== undefined) return
    if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${driver.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
