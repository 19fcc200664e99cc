// A virtual environment of Python in build/, with the packages of tests/clients/requirements.txt.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall } from './apt.mjs'
import { Stop, output, root, run } from './run.mjs'

const folder = join(root, 'build/python')
const requirements = join(root, 'tests/clients/requirements.txt')
const stamp = join(folder, 'requirements.txt')

/** The environment variables by which the tests find Python. Installs only what is missing. */
export function python() {
  const program = join(folder, 'bin/python')
  const required = readFileSync(requirements, 'utf8')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== required) {
    rmSync(folder, { recursive: true, force: true })
    if (!canMakeEnvironments() && !(aptInstall(['python3', 'python3-venv']) && canMakeEnvironments())) {
      throw new Stop('These tests need Python 3.10 or newer with its module venv, which was not found and could not be installed.')
    }
    run('python3', ['-m', 'venv', folder])
    run(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements])
    writeFileSync(stamp, required)
  }
  return { FLEXIP_PYTHON: program }
}

// On Debian, venv is in a separate package; without it the import of ensurepip fails.
function canMakeEnvironments() {
  return output('python3', ['-c', 'import venv, ensurepip, sys; assert sys.version_info >= (3, 10)']) !== undefined
}
