// Builds the console into static files. They work from any path, because every address in them is relative.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = join(import.meta.dirname, '../..')

/** The public entries of the library, each with its built file. */
function entries() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, string | { import?: { default: string } }> }
  return Object.entries(exports).flatMap(([path, target]) => {
    const file = typeof target === 'string' ? target : target.import?.default
    if (file === undefined || !existsSync(join(root, file))) return []
    const name = `flexip${path.slice(1)}`.replaceAll('.', '\\.')
    return [{ find: new RegExp(`^${name}(\\?.*)?$`), replacement: `${join(root, file)}$1` }]
  })
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  cacheDir: join(root, 'build/console-cache'),
  plugins: [react()],
  resolve: { alias: entries() },
  worker: { format: 'es' },
  build: {
    outDir: join(root, 'build/console'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    // A part of the page that is loaded later uses the first script, which is there: Firefox reports its preload as an error.
    modulePreload: { polyfill: false, resolveDependencies: (_, files) => files.filter((file) => !/\/index-[\w-]+\.js$/.test(file)) },
    chunkSizeWarningLimit: 1000,
  },
})
