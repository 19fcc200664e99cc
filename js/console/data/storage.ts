// What the browser keeps for this origin. A browser that forbids it, or has no room, fails nothing: then the page has it
// until it ends.
const unkept = new Map<string, string>()

export function readStored(name: string): string | undefined {
  return unkept.get(name) ?? tried((storage) => storage.getItem(name)) ?? undefined
}

/** Whether the browser has stored it. */
export function store(name: string, value: string): boolean {
  unkept.delete(name)
  const isStored = tried((storage) => {
    storage.setItem(name, value)
    return true
  })
  if (!isStored) unkept.set(name, value)
  return isStored === true
}

export function forget(name: string): void {
  unkept.delete(name)
  tried((storage) => storage.removeItem(name))
}

export function storedNames(): string[] {
  return tried((storage) => Object.keys(storage)) ?? []
}

function tried<Result>(act: (storage: Storage) => Result): Result | undefined {
  try {
    return act(localStorage)
  } catch {
    // Even its name throws where sites may keep nothing.
    return undefined
  }
}
