// Ways in which a page can send a request to an address of this machine, or read from it.

/** What an attack knows. */
export interface Target {
  /** The URL of the emulator. */
  base: string
  /** The secret key that follows from the seed. */
  key: string
  /** A URL of the attacker's site. */
  site: string
  /** The media type of the attack. */
  type?: string | undefined
}

export interface Attack {
  name: string
  /** Where the page is: on the attacker's site, on another port of this machine, or on a host name that resolved to the attacker's machine first and to this machine now. */
  from?: 'elsewhere' | 'this machine' | 'rebound'
  /** The media type that the attack sends. */
  type?: string
  /** Runs in the page. It resolves with what it could read. */
  run: (target: Target) => Promise<unknown>
}

// Every function is on its own, because it is sent to the page as text.
export const attacks: Attack[] = [
  { name: 'fetch of the journal', run: async ({ base }) => (await fetch(`${base}/_emulator/journal`)).text() },
  { name: 'fetch of the snapshot without CORS', run: async ({ base }) => (await fetch(`${base}/_emulator/snapshot`, { mode: 'no-cors' })).text() },
  { name: 'POST without a body', run: async ({ base }) => (await fetch(`${base}/_emulator/reset`, { method: 'POST' })).text() },
  { name: 'POST without CORS', run: async ({ base }) => (await fetch(`${base}/_emulator/reset`, { method: 'POST', mode: 'no-cors' })).text() },
  { name: 'POST of text/plain', run: async ({ base }) => (await fetch(`${base}/_emulator/faults`, { method: 'POST', mode: 'no-cors', body: '{"fault":"rateLimit"}' })).text() },
  { name: 'POST of JSON, after a preflight', run: async ({ base }) => (await fetch(`${base}/_emulator/faults`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"fault":"rateLimit"}' })).text() },
  { name: 'PUT, after a preflight', run: async ({ base }) => (await fetch(`${base}/_emulator/timing`, { method: 'PUT', body: '"recorded"' })).text() },
  { name: 'DELETE, after a preflight', run: async ({ base }) => (await fetch(`${base}/_emulator/journal`, { method: 'DELETE' })).text() },
  { name: 'the known key, after a preflight', run: async ({ base, key }) => (await fetch(`${base}/_emulator/reset`, { method: 'POST', headers: { 'X-Auth-Token': key } })).text() },
  { name: 'the known key on the API, after a preflight', run: async ({ base, key }) => (await fetch(`${base}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, { headers: { 'X-Auth-Token': key } })).text() },
  { name: 'the User-Agent of a program', run: async ({ base }) => (await fetch(`${base}/_emulator/reset`, { method: 'POST', headers: { 'User-Agent': 'curl/8.5.0' } })).text() },
  {
    name: 'a flood of headers, after a preflight',
    run: async ({ base }) => {
      const headers = Object.fromEntries(Array.from({ length: 1500 }, (_, number) => [`a${number}`, '']))
      return (await fetch(`${base}/_emulator/reset`, { method: 'POST', headers })).text()
    },
  },
  { name: 'a request with credentials and without a referrer', run: async ({ base }) => (await fetch(`${base}/_emulator/reset`, { method: 'POST', mode: 'no-cors', credentials: 'include', referrerPolicy: 'no-referrer' })).text() },
  { name: 'a request that outlives its page', run: async ({ base }) => (await fetch(`${base}/_emulator/reset`, { method: 'POST', mode: 'no-cors', keepalive: true })).text() },
  { name: 'a request that names the address space', run: async ({ base }) => (await fetch(`${base}/_emulator/journal`, { targetAddressSpace: 'loopback' } as RequestInit)).text() },
  {
    name: 'localhost in place of the address',
    run: async ({ base }) => (await fetch(`${base.replace('127.0.0.1', 'localhost')}/_emulator/reset`, { method: 'POST', mode: 'no-cors' })).text(),
  },
  {
    name: 'XMLHttpRequest',
    run: ({ base }) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest()
        request.open('POST', `${base}/_emulator/reset`)
        request.onloadend = () => resolve(request.responseText)
        request.send()
      }),
  },
  { name: 'sendBeacon', run: async ({ base }) => navigator.sendBeacon(`${base}/_emulator/reset`) },
  { name: 'sendBeacon of text/plain', run: async ({ base }) => navigator.sendBeacon(`${base}/_emulator/faults`, new Blob(['{"fault":"rateLimit"}'], { type: 'text/plain' })) },
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'].map((type): Attack => ({
    name: `a form of ${type}`,
    type,
    run: async ({ base, type }) => {
      const frame = document.createElement('iframe')
      frame.name = 'answer'
      const form = document.createElement('form')
      Object.assign(form, { method: 'post', enctype: type, action: `${base}/_emulator/reset`, target: 'answer' })
      document.body.append(frame, form)
      form.submit()
    },
  })),
  {
    name: 'an iframe',
    run: ({ base }) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.src = `${base}/_emulator/journal`
        frame.onload = () => resolve(frame.contentDocument?.body.innerText)
        document.body.append(frame)
      }),
  },
  {
    name: 'a script',
    run: ({ base }) =>
      new Promise((resolve) => {
        const script = document.createElement('script')
        script.src = `${base}/_emulator/snapshot`
        script.onload = script.onerror = () => resolve(document.documentElement.outerHTML)
        document.body.append(script)
      }),
  },
  {
    name: 'a module script',
    run: ({ base }) =>
      new Promise((resolve) => {
        const script = document.createElement('script')
        script.type = 'module'
        script.src = `${base}/_emulator/snapshot`
        script.onload = script.onerror = () => resolve(document.documentElement.outerHTML)
        document.body.append(script)
      }),
  },
  {
    name: 'an image',
    run: ({ base }) =>
      new Promise((resolve) => {
        const image = new Image()
        image.onload = image.onerror = () => resolve(image.width)
        image.src = `${base}/_emulator/reset`
      }),
  },
  {
    name: 'a stylesheet',
    run: ({ base }) =>
      new Promise((resolve) => {
        const link = document.createElement('link')
        link.rel = 'stylesheet'
        link.onload = link.onerror = () => resolve(document.styleSheets.length)
        link.href = `${base}/_emulator/journal`
        document.head.append(link)
      }),
  },
  {
    name: 'an object',
    run: ({ base }) =>
      new Promise((resolve) => {
        const element = document.createElement('object')
        element.data = `${base}/_emulator/journal`
        element.onload = element.onerror = () => resolve(element.contentDocument?.body.innerText)
        document.body.append(element)
      }),
  },
  {
    name: 'a video',
    run: ({ base }) =>
      new Promise((resolve) => {
        const video = document.createElement('video')
        video.onloadeddata = video.onerror = () => resolve(video.duration)
        video.src = `${base}/_emulator/snapshot`
      }),
  },
  { name: 'a font', run: ({ base }) => new FontFace('x', `url(${base}/_emulator/snapshot)`).load().then((face) => face.family) },
  {
    name: 'EventSource',
    run: ({ base }) =>
      new Promise((resolve) => {
        const source = new EventSource(`${base}/_emulator/journal`)
        source.onmessage = ({ data }) => resolve(data)
        source.onerror = () => {
          source.close()
          resolve(undefined)
        }
      }),
  },
  {
    name: 'a WebSocket',
    run: ({ base }) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${base.replace('http', 'ws')}/_emulator/journal`)
        socket.onopen = socket.onerror = () => resolve(socket.readyState)
      }),
  },
  {
    name: 'a worker',
    run: ({ base }) =>
      new Promise((resolve) => {
        const code = `fetch(${JSON.stringify(base)} + '/_emulator/reset', { method: 'POST' }).then((response) => response.text()).then(postMessage, (error) => postMessage(String(error)))`
        const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
        worker.onmessage = ({ data }) => resolve(data)
      }),
  },
  {
    name: 'a frame of a data: URL, with an opaque origin',
    run: ({ base }) =>
      new Promise((resolve) => {
        addEventListener('message', ({ data }) => resolve(data))
        const frame = document.createElement('iframe')
        const code = `fetch(${JSON.stringify(base)} + '/_emulator/reset', { method: 'POST' }).then((response) => response.text()).catch(String).then((text) => parent.postMessage(text, '*'))`
        frame.src = `data:text/html,<script>${encodeURIComponent(code)}</script>`
        document.body.append(frame)
      }),
  },
  {
    name: 'a sandboxed frame, with an opaque origin',
    run: ({ base }) =>
      new Promise((resolve) => {
        addEventListener('message', ({ data }) => resolve(data))
        const frame = document.createElement('iframe')
        frame.setAttribute('sandbox', 'allow-scripts')
        frame.srcdoc = `<script>fetch(${JSON.stringify(base)} + '/_emulator/journal').then((response) => response.text()).catch(String).then((text) => parent.postMessage(text, '*'))</script>`
        document.body.append(frame)
      }),
  },
  {
    name: 'a form in a sandboxed frame',
    run: async ({ base }) => {
      const frame = document.createElement('iframe')
      frame.setAttribute('sandbox', 'allow-scripts allow-forms')
      frame.srcdoc = `<form method="post" enctype="text/plain" action="${base}/_emulator/reset"></form><script>document.forms[0].submit()</script>`
      document.body.append(frame)
    },
  },
  { name: 'a redirect that keeps the method', run: async ({ base, site }) => (await fetch(`${site}/redirect?status=307&to=${base}/_emulator/reset`, { method: 'POST', mode: 'no-cors' })).text() },
  { name: 'a redirect with CORS', run: async ({ base, site }) => (await fetch(`${site}/redirect?status=302&to=${base}/_emulator/journal`)).text() },
  {
    name: 'a redirect of a frame',
    run: ({ base, site }) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.src = `${site}/redirect?status=302&to=${base}/_emulator/journal`
        frame.onload = () => resolve(frame.contentDocument?.body.innerText)
        document.body.append(frame)
      }),
  },
  {
    name: 'a window that is opened',
    run: async ({ base }) => {
      const opened = open(`${base}/_emulator/journal`)
      try {
        return opened?.document.body.innerText
      } catch (error) {
        return String(error)
      }
    },
  },
  { name: 'a navigation', run: async ({ base }) => void setTimeout(() => (location.href = `${base}/_emulator/journal`)) },
  {
    name: 'the ping of a link',
    run: async ({ base }) => {
      const link = document.createElement('a')
      link.href = '#'
      link.ping = `${base}/_emulator/reset`
      document.body.append(link)
      link.click()
    },
  },
  {
    name: 'a report of a Content-Security-Policy',
    run: async ({ base, site }) => {
      const frame = document.createElement('iframe')
      frame.src = `${site}/reports?to=${base}/_emulator/reset`
      document.body.append(frame)
    },
  },
  {
    name: 'a prefetch',
    run: ({ base }) =>
      new Promise((resolve) => {
        const link = document.createElement('link')
        link.rel = 'prefetch'
        link.onload = link.onerror = () => resolve(document.documentElement.outerHTML)
        link.href = `${base}/_emulator/snapshot`
        document.head.append(link)
      }),
  },
  { name: 'fetch of the journal by a page of this machine', from: 'this machine', run: async ({ base }) => (await fetch(`${base}/_emulator/journal`)).text() },
  { name: 'POST by a page of this machine', from: 'this machine', run: async ({ base }) => (await fetch(`${base}/_emulator/reset`, { method: 'POST', mode: 'no-cors' })).text() },
  { name: 'the known key from a page of this machine', from: 'this machine', run: async ({ base, key }) => (await fetch(`${base}/_emulator/reset`, { method: 'POST', headers: { 'X-Auth-Token': key } })).text() },
  {
    name: 'an image on a page of this machine, without a referrer',
    from: 'this machine',
    run: ({ base }) =>
      new Promise((resolve) => {
        const image = new Image()
        image.referrerPolicy = 'no-referrer'
        image.onload = image.onerror = () => resolve(image.width)
        image.src = `${base}/_emulator/journal`
      }),
  },
  { name: 'fetch of the journal after DNS rebinding', from: 'rebound', run: async () => (await fetch('/_emulator/journal')).text() },
  { name: 'POST after DNS rebinding', from: 'rebound', run: async () => (await fetch('/_emulator/reset', { method: 'POST' })).text() },
  { name: 'PUT of a snapshot after DNS rebinding', from: 'rebound', run: async () => (await fetch('/_emulator/snapshot', { method: 'PUT', body: '{}' })).text() },
  { name: 'the known key after DNS rebinding', from: 'rebound', run: async ({ key }) => (await fetch('/_emulator/snapshot', { headers: { 'X-Auth-Token': key } })).text() },
  { name: 'the known key on the API after DNS rebinding', from: 'rebound', run: async ({ key }) => (await fetch('/flexible-ip/v1alpha1/zones/fr-par-1/fips', { headers: { 'X-Auth-Token': key } })).text() },
  {
    name: 'a flood of headers after DNS rebinding',
    from: 'rebound',
    run: async () => {
      const headers = Object.fromEntries(Array.from({ length: 1500 }, (_, number) => [`a${number}`, '']))
      return (await fetch('/_emulator/reset', { method: 'POST', headers })).text()
    },
  },
  {
    name: 'a WebSocket after DNS rebinding',
    from: 'rebound',
    run: () =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/_emulator/journal`)
        socket.onopen = socket.onerror = () => resolve(socket.readyState)
      }),
  },
]
