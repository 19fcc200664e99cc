// Where the entries without WebAssembly within keep the module that the program brings.
import { ConfigurationError } from '../errors/index.js'
import { cannotCompile } from '../transport/load.js'

/**
 * What a program brings: the URL of the file, a `Response` with it or a promise of one, its bytes, or a
 * `WebAssembly.Module`.
 */
export type ModuleSource = string | object

interface ResponseLike {
  readonly ok: boolean
  readonly status: number
  arrayBuffer(): Promise<ArrayBuffer>
}

/** Keeps the module of one half of the package. */
export interface Slot {
  /** Gives the module. Throws a `ConfigurationError` before `load`. */
  source: () => object
  load: (source: ModuleSource) => Promise<void>
  set: (module: object) => void
}

/** `exported` has the names that the module exports, which differ between the two files. */
export function createSlot(entry: string, file: string, exported: string): Slot {
  let present: object | undefined
  const set = (module: object): void => {
    present = module
  }
  /** The module of bytes: a later change of them must not matter, and a mistake shows here. */
  const compiled = (bytes: object): object => {
    if (!isValid(bytes)) throw otherFile(entry, file)
    try {
      return new WebAssembly.Module(bytes as BufferSource)
    } catch (cause) {
      throw cannotCompile(cause)
    }
  }
  const setChecked = (module: object): void => {
    if (namesOf(module) !== exported) throw otherFile(entry, file)
    set(module)
  }
  return {
    set,
    source() {
      if (!present) throw new ConfigurationError(`${entry} has no WebAssembly module yet: call load with the URL, the bytes or the WebAssembly.Module of ${file} first`)
      return present
    },
    load(source) {
      if (!isModule(source) && !isBytes(source)) return read(source, entry).then((bytes) => setChecked(compiled(bytes)))
      try {
        return Promise.resolve(setChecked(isModule(source) ? source : compiled(source)))
      } catch (error) {
        return Promise.reject(error as ConfigurationError)
      }
    },
  }
}

function otherFile(entry: string, file: string): ConfigurationError {
  return new ConfigurationError(`the WebAssembly module of ${entry} could not be loaded: what load has received is not the whole ${file} of this version of the package`)
}

/** Whether bytes are a whole module. Compiling fails for other reasons too, such as a policy. */
function isValid(bytes: object): boolean {
  return typeof WebAssembly === 'undefined' || WebAssembly.validate(bytes as BufferSource)
}

function namesOf(module: object): string {
  return WebAssembly.Module.exports(module as WebAssembly.Module).map(({ name }) => name).join()
}

async function read(source: ModuleSource, entry: string): Promise<ArrayBuffer> {
  const isUrl = typeof source === 'string' || source instanceof URL
  const response: unknown = isUrl ? await fetch(source) : await source
  if (!isResponse(response)) throw new ConfigurationError(`load of ${entry} takes a URL, a Response, bytes or a WebAssembly.Module; found ${typeof source === 'object' ? 'another object' : `a ${typeof source}`}`)
  if (!response.ok) throw new ConfigurationError(`the WebAssembly module of ${entry} could not be loaded: the response has the status ${response.status}`)
  return response.arrayBuffer()
}

// A module of another realm, as Next gives one to its edge runtime, is no instance of this realm's class.
function isModule(source: unknown): source is object {
  return Object.prototype.toString.call(source) === '[object WebAssembly.Module]'
}

// A buffer of another realm, as under jest, is no instance of this realm's classes.
function isBytes(source: unknown): source is object {
  return ArrayBuffer.isView(source) || Object.prototype.toString.call(source) === '[object ArrayBuffer]'
}

function isResponse(value: unknown): value is ResponseLike {
  return typeof value === 'object' && value !== null && 'arrayBuffer' in value && 'status' in value && 'ok' in value
}
