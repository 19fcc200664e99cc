// Virtual environments of Python in build/, each with the packages of one list.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall } from './apt.mjs'
import { Stop, output, root, run } from './run.mjs'

/** The environment variables by which the tests find Python. Installs only what is missing. */
export function python() {
  return { FLEXIP_PYTHON: join(pythonPackages('build/python', 'tests/clients/requirements.txt'), 'python') }
}

/** Installs the packages of a list into an environment, unless they are there. Returns the folder of their programs. */
export function pythonPackages(environment, list) {
  const [folder, requirements] = [join(root, environment), join(root, list)]
  const stamp = join(folder, 'requirements.txt')
  const required = readFileSync(requirements, 'utf8')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== required) {
    rmSync(folder, { recursive: true, force: true })
    if (!canMakeEnvironments() && !(aptInstall(['python3', 'python3-venv']) && canMakeEnvironments())) {
      throw new Stop('This needs Python 3.10 or newer with its module venv, which was not found and could not be installed.')
    }
    run('python3', ['-m', 'venv', folder])
    run(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements])
    writeFileSync(stamp, required)
  }
  return join(folder, 'bin')
}

// On Debian, venv is in a separate package; without it the import of ensurepip fails.
function canMakeEnvironments() {
  return output('python3', ['-c', 'import venv, ensurepip, sys; assert sys.version_info >= (3, 10)']) !== undefined
}
