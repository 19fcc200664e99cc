// A Python of the project's own, with what tests/clients/requirements.txt names.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall } from './apt.mjs'
import { Stop, output, root, run } from './run.mjs'

const folder = join(root, 'build/python')
const requirements = join(root, 'tests/clients/requirements.txt')
const stamp = join(folder, 'requirements.txt')

/** The environment by which the tests find Python. Installs only what is missing. */
export function python() {
  const program = join(folder, 'bin/python')
  const wanted = readFileSync(requirements, 'utf8')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true })
    if (!canMakeEnvironments() && !(aptInstall(['python3', 'python3-venv']) && canMakeEnvironments())) {
      throw new Stop('These tests need Python 3.10 or newer with its module venv, which was not found and could not be installed.')
    }
    run('python3', ['-m', 'venv', folder])
    run(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements])
    writeFileSync(stamp, wanted)
  }
  return { FLEXIP_PYTHON: program }
}

// Debian has venv in a package of its own; without it the import of ensurepip fails.
function canMakeEnvironments() {
  return output('python3', ['-c', 'import venv, ensurepip, sys; assert sys.version_info >= (3, 10)']) !== undefined
}
