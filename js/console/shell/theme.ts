// Light or dark: the system's choice until one is made here.
import { readStored, store } from '../data/storage.js'

const key = 'flexip-theme'

/** Applies the choice that was made before. */
export function applyTheme(): void {
  const choice = readStored(key)
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice
}

export function switchTheme(): void {
  const present = document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  const next = present === 'dark' ? 'light' : 'dark'
  store(key, next)
  document.documentElement.dataset.theme = next
}
