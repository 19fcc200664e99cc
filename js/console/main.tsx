import './shell/tokens.css'
import './shell/base.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import { applyTheme } from './shell/theme.js'

applyTheme()
const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
