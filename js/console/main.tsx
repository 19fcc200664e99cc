import './shell/tokens.css'
import './shell/base.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import { applyTheme } from './shell/theme.js'

applyTheme()
// The first picture has no text, so that the browser would fetch the fonts only when the table is there, and then wrap its lines anew.
// Without a font the page has one of the system.
for (const font of ['Geist Variable', 'Geist Mono Variable']) void document.fonts.load(`13px '${font}'`).catch(() => undefined)
const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
