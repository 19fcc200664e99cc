// The declarations of the package, made public: they need no library but that of the language, they accept an explicit
// `undefined`, and a class of one entry is that of every other.
import ts from 'typescript'

/** What stands for the names of a platform. `Else` is the part that the package uses. */
const platform = {
  AbortSignal: `OfPlatform<'AbortSignal', {
    readonly aborted: boolean;
    readonly reason?: unknown;
    addEventListener(type: 'abort', listener: () => void): void;
    removeEventListener(type: 'abort', listener: () => void): void;
}>`,
  Request: `OfPlatform<'Request', {
    readonly url: string;
    readonly method: string;
    readonly headers: PlatformHeaders;
    arrayBuffer(): Promise<ArrayBuffer>;
    text(): Promise<string>;
}>`,
  Response: `OfPlatform<'Response', {
    readonly status: number;
    readonly ok: boolean;
    readonly headers: PlatformHeaders;
    arrayBuffer(): Promise<ArrayBuffer>;
    json(): Promise<unknown>;
    text(): Promise<string>;
}>`,
  URL: `OfPlatform<'URL', {
    readonly href: string;
}>`,
  RequestInit: `typeof globalThis extends {
    Request: infer Constructor extends new (...args: never) => unknown;
} ? NonNullable<ConstructorParameters<Constructor>[1]> : {
    method?: string | undefined;
    headers?: unknown;
    body?: unknown;
    signal?: PlatformAbortSignal | null | undefined;
}`,
}

const headers = `{
    get(name: string): string | null;
    has(name: string): boolean;
    forEach(each: (value: string, name: string) => void): void;
}`

/** Returns the text of declarations, made public. */
export function publicTypes(text) {
  const file = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.ES2022, true)
  const edits = []
  const used = new Set()
  const visit = (node) => {
    if (ts.isPropertyDeclaration(node) && ts.isPrivateIdentifier(node.name)) edits.push([node.getFullStart(), node.end, ''])
    if (ts.isPropertySignature(node) && node.questionToken && node.type && isOfInput(node)) edits.push(...withUndefined(node.type))
    if (ts.isTypeReferenceNode(node) && node.typeName.getText() in platform) {
      const name = node.typeName.getText()
      used.add(name)
      edits.push([node.typeName.getStart(), node.typeName.end, `Platform${name}`])
    }
    node.forEachChild(visit)
  }
  visit(file)
  if (used.has('RequestInit')) used.add('AbortSignal')
  const changed = edits.sort(([one], [other]) => other - one).reduce((result, [start, end, replacement]) => result.slice(0, start) + replacement + result.slice(end), text)
  return definitions(used) + changed
}

/** The types of what callers pass. A result with an explicit `undefined` could not be passed on to stricter types. */
const inputs = /(?:Options|Request|Defaults|Settings)$|^(?:Delays|Drip|Fault|FaultDelay|FaultRule|FaultStatus|FirstServer|Flap|Late|ProxyGrant|ProxyPolicy|RateGate|Spread|Stale|Tear)$/
const results = /^(?:Built|Node)Request$/

function isOfInput(node) {
  for (let around = node.parent; around; around = around.parent) {
    if (ts.isParameter(around)) return true
    if (ts.isInterfaceDeclaration(around) || ts.isTypeAliasDeclaration(around)) return inputs.test(around.name.text) && !results.test(around.name.text)
  }
  return false
}

function withUndefined(type) {
  const members = ts.isUnionTypeNode(type) ? type.types : [type]
  if (members.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword || kind === ts.SyntaxKind.UnknownKeyword)) return []
  const needsBrackets = ts.isFunctionTypeNode(type) || ts.isConditionalTypeNode(type)
  return needsBrackets ? [[type.getStart(), type.getStart(), '('], [type.end, type.end, ') | undefined']] : [[type.end, type.end, ' | undefined']]
}

function definitions(used) {
  if (used.size === 0) return ''
  const texts = Object.entries(platform).filter(([name]) => used.has(name))
  const lines = [
    '/** The type of the platform, where the libraries of the compiler have it; else the part of it that is used. */',
    'type OfPlatform<Name extends string, Else> = typeof globalThis extends {',
    '    [Key in Name]: {',
    '        prototype: infer Type;',
    '    };',
    '} ? Type : Else;',
    ...(texts.some(([, text]) => text.includes('PlatformHeaders')) ? [`type PlatformHeaders = ${headers};`] : []),
    ...texts.map(([name, text]) => `type Platform${name} = ${text};`),
  ]
  return `${lines.join('\n')}\n`
}
