// The public declarations: what compiles against them, and what stands in them.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const declarations = readdirSync(join(root, 'pkg')).filter((file) => file.endsWith('.d.ts'))

/** Every complaint of the compiler about a program. */
function complaints(program: ts.Program): string[] {
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` : ''
    return line + ts.flattenDiagnosticMessageText(messageText, '\n')
  })
}

test('the examples of types compile, and the mistakes among them do not', { timeout: 300_000 }, () => {
  const { config } = ts.readConfigFile(join(import.meta.dirname, 'tsconfig.json'), (file) => ts.sys.readFile(file))
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, import.meta.dirname)
  expect(fileNames.map((file) => file.split('/').at(-1))).toEqual(expect.arrayContaining(['official-sdk.ts', 'usage.ts']))
  expect(complaints(ts.createProgram(fileNames, options))).toEqual([])
})

describe('an editor completes', () => {
  const offers: [string, string, string[]][] = [
    ['defaultZone', `new FlexibleIpClient({ defaultZone: '^' })`, ['fr-par-1', 'pl-waw-3']],
    ['zone', `new FlexibleIpClient({}).getFlexibleIP({ fipId: 'a', zone: '^' })`, ['fr-par-1', 'pl-waw-3']],
    ['the operation of an error', `new FlexipError('a').operation === '^'`, ['createFlexibleIP', 'failover']],
    ['the code of an error', `new FlexipError('a').code === '^'`, ['quotas_exceeded', 'wait']],
  ]
  const at = join(import.meta.dirname, 'completed.ts')
  const text = [`import { FlexibleIpClient, FlexipError } from '../../pkg/index.js'`, ...offers.map(([, line]) => line.replace('^', ''))].join('\n')
  const editor = ts.createLanguageService({
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    getCurrentDirectory: () => root,
    getScriptFileNames: () => [at],
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => ts.ScriptSnapshot.fromString(file === at ? text : (ts.sys.readFile(file) ?? '')),
    getCompilationSettings: () => ({ strict: true, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  })

  test.each(offers)('%s', (_, line, expected) => {
    const position = text.indexOf(line.replace('^', '')) + line.indexOf('^')
    const offered = editor.getCompletionsAtPosition(at, position, {})?.entries.map(({ name }) => name)
    expect(offered).toEqual(expect.arrayContaining(expected))
  })
})

describe.each(declarations)('%s', (name) => {
  const options = { strict: true, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [], noEmit: true }
  const program = ts.createProgram([join(root, 'pkg', name)], options)
  const file = program.getSourceFile(join(root, 'pkg', name))
  const nodes: ts.Node[] = []
  const collect = (node: ts.Node): void => {
    nodes.push(node)
    node.forEachChild(collect)
  }
  file?.forEachChild(collect)

  test('needs nothing but the standard library and the DOM', () => {
    expect(complaints(program)).toEqual([])
    expect(nodes.length).toBeGreaterThan(50)
  })

  test('needs no DOM: its own types take the place of the platform’s', () => {
    const withoutDom = ts.createProgram([join(root, 'pkg', name)], { ...options, lib: ['lib.es2022.d.ts'] })
    expect(complaints(withoutDom)).toEqual([])
  })

  test('explains every public field', () => {
    const checker = program.getTypeChecker()
    const symbol = file && checker.getSymbolAtLocation(file)
    const exported = new Set(symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [])
    const bare = nodes.filter((node) => {
      const isField = (ts.isPropertySignature(node) && ts.isInterfaceDeclaration(node.parent) && exported.has(node.parent.name.text)) || (ts.isPropertyDeclaration(node) && !ts.isPrivateIdentifier(node.name))
      return isField && ts.getJSDocCommentsAndTags(node).length === 0
    })
    expect(bare.map((node) => `${(node.parent as ts.InterfaceDeclaration).name?.text ?? ''}.${(node as ts.PropertySignature).name.getText()}`)).toEqual([])
  })

  test('exports as values what the module exports, in both module systems', async () => {
    const checker = program.getTypeChecker()
    const symbol = file && checker.getSymbolAtLocation(file)
    const isValue = (exported: ts.Symbol) => {
      const isTypeOnly = exported.declarations?.some((declaration) => ts.isExportSpecifier(declaration) && ts.isTypeOnlyExportDeclaration(declaration))
      const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      return !isTypeOnly && (target.flags & ts.SymbolFlags.Value) !== 0
    }
    const declared = (symbol ? checker.getExportsOfModule(symbol) : []).filter(isValue).map((exported) => exported.name)
    const module = join(root, 'pkg', name.replace(/\.d\.ts$/, ''))
    expect(Object.keys((await import(`${module}.js`)) as object).sort()).toEqual(declared.sort())
    expect(Object.keys(createRequire(import.meta.url)(`${module}.cjs`) as object).sort()).toEqual(declared.sort())
    expect(readFileSync(`${module}.d.cts`, 'utf8')).toBe(readFileSync(`${module}.d.ts`, 'utf8'))
  })

  test('says any nowhere', () => {
    const anys = nodes.filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword).map((node) => node.parent.getText())
    expect(anys).toEqual([])
  })

  test('exports no word of the core’s', () => {
    const checker = program.getTypeChecker()
    const symbol = file && checker.getSymbolAtLocation(file)
    const names = symbol ? checker.getExportsOfModule(symbol).map((exported) => exported.name) : []
    expect(names.length).toBeGreaterThan(3)
    expect(names.filter((exported) => /Core|Report|wasm|^init|Sync$/i.test(exported))).toEqual([])
  })

  test('explains what is exported by a function, a class or an interface', () => {
    const bare = nodes.filter((node) => {
      const declared = ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node)
      return declared && ts.getJSDocCommentsAndTags(node).length === 0
    })
    expect(bare.map((node) => node.getText().split('\n')[0])).toEqual([])
  })
})
