// Real traps of the emulator's WebAssembly module, on order. Import it before the first emulator is made, or preload it
// in a process, which then takes the message 'trap'.

let isArmed = false

/** The next call into a module that exists, or that is made from now on, traps. */
export function trapNextCall() {
  isArmed = true
}

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, args) {
    const { exports } = new Instance(...args)
    const wrapped = Object.entries(exports).map(([name, value]) => [name, typeof value === 'function' ? trapping(value) : value])
    return { exports: Object.fromEntries(wrapped) }
  },
})

function trapping(call) {
  return (...args) => {
    if (!isArmed) return call(...args)
    isArmed = false
    // An address at the end of the memory that a module can have at most.
    return call(-16, ...args.slice(1))
  }
}

if (process.send) {
  process.on('message', (message) => {
    if (message !== 'trap') return
    trapNextCall()
    process.send('armed')
  })
}
