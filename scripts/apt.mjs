// Debian packages, on systems with apt-get.
import { output, run } from './run.mjs'

/** Whether all of these packages are installed. */
export function aptInstalled(packages) {
  const states = output('dpkg-query', ['-W', '-f', '${db:Status-Status}\n', ...packages])
  return states !== undefined && states.split('\n').every((state) => state === 'installed')
}

/** Reads which packages there are. Throws when that fails. */
export function aptUpdate() {
  apt('update', '-qq')
}

/** Installs packages. Returns false on other systems than Debian, and when the installation fails. */
export function aptInstall(packages) {
  if (!output('apt-get', ['--version'])) return false
  console.log(`installing with apt-get: ${packages.join(' ')}`)
  try {
    aptUpdate()
    apt('install', '-qq', '-y', '--no-install-recommends', ...packages)
    return true
  } catch (error) {
    console.log(`apt-get could not install them (${error.message})`)
    return false
  }
}

function apt(...args) {
  const asRoot = process.getuid() === 0 ? [] : ['sudo']
  const [program, ...rest] = [...asRoot, 'apt-get', ...args]
  run(program, rest, { DEBIAN_FRONTEND: 'noninteractive' })
}
