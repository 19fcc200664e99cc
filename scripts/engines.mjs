// Firefox and WebKitGTK for the tests of the console, as Debian has them.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall, aptInstalled } from './apt.mjs'
import { output } from './run.mjs'

const packages = ['firefox-esr', 'webkit2gtk-driver', 'xvfb']

/** The environment variables by which the tests find both browsers; or the reason why there are none. */
export function engines() {
  return found() ?? (!aptInstalled(packages) && aptInstall(packages) ? found() : undefined) ?? { reason: 'there is no firefox-esr, webkit2gtk-driver and xvfb, and no apt-get that gives them' }
}

function found() {
  const firefox = path('firefox-esr')
  const driver = path('WebKitWebDriver')
  const display = path('Xvfb')
  const browser = miniBrowser()
  if (firefox && driver && display && browser) return { env: { FLEXIP_FIREFOX: firefox, FLEXIP_WEBKIT_DRIVER: driver, FLEXIP_WEBKIT: browser, FLEXIP_XVFB: display } }
}

const path = (program) => output('sh', ['-c', 'command -v "$0"', program])

/** The browser that comes with the driver. Its folder has the name of the machine's kind. */
function miniBrowser() {
  for (const kind of readdirSync('/usr/lib')) {
    const file = join('/usr/lib', kind, 'webkit2gtk-4.1/MiniBrowser')
    if (existsSync(file)) return file
  }
}
