// The static files of the console, read whole at the start: a path of a request names one of them, or nothing.
import { type Dirent, existsSync, readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '../exit-codes.js'
import { Stop, wrongArgument } from '../stop.js'

/** A static file. */
export interface StaticFile {
  bytes: Buffer
  type: string
}

/** The files by their paths, such as `/assets/a.js`, and the page apart: what is in its head depends on the request. */
export interface ConsoleFiles {
  page: string
  /** The Content-Security-Policy of the page. */
  policy: string
  others: ReadonlyMap<string, StaticFile>
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** The folder beside the built command. The package has it; a clone has none until it is packed. */
const ofPackage = fileURLToPath(new URL('./console/', import.meta.url))

/** Reads the files of a folder, or those of the package. Throws a `Stop` if they are not those of the console. */
export function readConsole(folder: string | undefined): ConsoleFiles {
  const from = folder ?? ofPackage
  if (!existsSync(join(from, 'index.html'))) {
    if (folder !== undefined) throw wrongArgument(`--files: there is no index.html in ${folder}`, 'Allowed is the folder that npm run console:build writes.')
    throw new Stop(exitCodes.failed, 'this copy of flexip has no console in it', 'In a clone, run npm run console:build and add --files build/console.')
  }
  const others = new Map<string, StaticFile>()
  // `parentPath` is `path` in older versions of Node 20.
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true }) as (Dirent & { path: string })[]) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath ?? entry.path, entry.name)
    const path = `/${relative(from, file).replaceAll(sep, '/')}`
    others.set(path, { bytes: readFileSync(file), type: types[extname(file)] ?? 'application/octet-stream' })
  }
  const page = others.get('/index.html')?.bytes.toString() ?? ''
  others.delete('/index.html')
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1]
  if (policy === undefined || !fields.every((field) => page.includes(empty(field)))) {
    throw wrongArgument(`--files: the index.html in ${from} is not that of a console of this version`, 'Allowed is the folder that npm run console:build writes.')
  }
  return { page, policy, others }
}

/** The fields of the page that the server fills. */
const fields = ['flexip-proxy', 'flexip-project', 'flexip-service', 'flexip-upstream', 'flexip-session'] as const

/** The page with its fields. */
export function pageWith(page: string, values: Readonly<Partial<Record<(typeof fields)[number], string>>>): string {
  return fields.reduce((text, field) => text.replace(empty(field), () => `name="${field}" content="${escaped(values[field] ?? '')}"`), page)
}

/** A text as the value of an attribute. */
export const escaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

const empty = (field: string): string => `name="${field}" content=""`
