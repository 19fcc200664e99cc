// Loads a WebAssembly module on first use: there is no init call.
import { ConfigurationError } from '../errors/invalid.js'
import { copyError } from './foreign-error.js'
import { decodeModule } from './module-text.js'

/**
 * Makes a function that gives the exports of a module. Its first call compiles the module: its bytes are inlined as
 * text, or a function gives them, or a module that is compiled already.
 */
export function loadLazily<T>(exports: T, init: (module: { module: BufferSource | WebAssembly.Module }) => unknown, source: string | (() => object)): () => T {
  let loaded = false
  return () => {
    if (!loaded) {
      const missing = ['TextDecoder', 'TextEncoder'].filter((name) => !(name in globalThis))
      if (missing.length > 0) throw new ConfigurationError(`There is no ${missing.join(' and no ')} here. Set the global before the first call.`)
      const compiled = typeof source === 'string' ? undefined : source()
      try {
        init({ module: typeof source === 'string' ? decodeModule(source) : (compiled as BufferSource) })
      } catch (cause) {
        throw cannotCompile(cause)
      }
      loaded = true
    }
    return exports
  }
}

/** The error of a host that compiles no module. */
export function cannotCompile(cause: unknown): ConfigurationError {
  return new ConfigurationError(
    'WebAssembly cannot be compiled here. A page with a Content-Security-Policy has to allow ' +
      "it with script-src 'wasm-unsafe-eval'. A worker whose host allows no compiling has to import the module: " +
      "the export conditions 'workerd' and 'edge-light' do, or flexip/slim.",
    { cause: copyError(cause, String) },
  )
}
