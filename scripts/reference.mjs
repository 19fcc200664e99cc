// npm run reference: the API reference as HTML in build/reference, from the types and their comments. A warning is an
// error: for example a type that is used and not exported, a link that leads nowhere, or a name without a comment.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Application, ReflectionKind } from 'typedoc'
import { typedEntries } from './build-js.mjs'
import { Stop, main, root } from './run.mjs'
import { npmPackages } from './setup.mjs'

await main(async () => {
  npmPackages()
  if (!existsSync(join(root, 'build/client/flexip.d.ts'))) throw new Stop('There are no types of the modules yet: run npm run build.')
  const sources = Object.values(typedEntries).map((source) => `js/${source.replace(/\?.*/, '')}.ts`)
  const app = await Application.bootstrap({
    entryPoints: sources.map((source) => join(root, source)),
    tsconfig: join(root, 'js/reference.json'),
    out: join(root, 'build/reference'),
    name: 'flexip',
    readme: 'none',
    disableSources: true,
    validation: { notExported: true, invalidLink: true, rewrittenLink: true },
    excludeExternals: true,
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
  })
  const project = await app.convert()
  if (!project) throw new Stop('The types could not be read.')
  const names = namesOfEntries()
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) module.name = names[module.name] ?? module.name
  app.validate(project)
  for (const name of withoutComment(project)) app.logger.error(`${name} has no comment.`)
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Stop('The reference has warnings.')
  await app.generateOutputs(project)
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Stop('The reference has warnings.')
})

/**
 * What has no comment. The fields of types without a name need none, nor do those of the table of operations: the
 * comment above them is about them too.
 */
function withoutComment(project) {
  const { Class, Interface, TypeAlias, Function, Variable, Property, Accessor, Method } = ReflectionKind
  const named = project.getReflectionsByKind(Class | Interface | TypeAlias | Function | Variable | Property | Accessor | Method)
  const commented = (reflection) => [reflection, reflection.getSignature, ...(reflection.signatures ?? [])].some((one) => one?.hasComment())
  return named.filter((reflection) => !commented(reflection)).map((reflection) => reflection.getFriendlyFullName()).filter((name) => !/\.__type\b|\.Operations\./.test(name))
}

/** The name by which a program imports each source: `slim/client` is `flexip/slim`. */
function namesOfEntries() {
  return Object.fromEntries(Object.entries(typedEntries).map(([entry, source]) => [source.replace(/\?.*/, '').replace(/\/index$/, ''), entry === 'index' ? 'flexip' : `flexip/${entry === 'emulator-slim' ? 'emulator/slim' : entry}`]))
}
