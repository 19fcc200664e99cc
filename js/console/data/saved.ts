// The state of the emulated fleet in the browser's own database. Where there is none, a reload starts over.
const store = 'snapshots'

function open(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open('flexip-console', 1)
      request.onupgradeneeded = () => request.result.createObjectStore(store)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => resolve(undefined)
    } catch {
      resolve(undefined)
    }
  })
}

/** The snapshot of a name, if one was saved. */
export async function readSaved(name: string): Promise<string | undefined> {
  const database = await open()
  if (!database) return undefined
  return new Promise((resolve) => {
    const request = database.transaction(store).objectStore(store).get(name)
    request.onsuccess = () => resolve(typeof request.result === 'string' ? request.result : undefined)
    request.onerror = () => resolve(undefined)
  }).finally(() => database.close()) as Promise<string | undefined>
}

/** Saves a snapshot. A database that is full or forbidden fails nothing. */
export async function save(name: string, snapshot: string): Promise<void> {
  const database = await open()
  if (!database) return
  await new Promise<void>((resolve) => {
    const transaction = database.transaction(store, 'readwrite')
    transaction.objectStore(store).put(snapshot, name)
    transaction.oncomplete = transaction.onerror = transaction.onabort = () => resolve()
  })
  database.close()
}
