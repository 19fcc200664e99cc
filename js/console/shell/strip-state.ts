// Whether the strip of the emulated fleet is shown, the guide of a first visit below it, and the note that this is the real
// service. The browser keeps all three.
import { observable, useObservable } from '../data/observable.js'
import { forget, readStored, store } from '../data/storage.js'

function storedChoice(key: string) {
  const isShown = observable(readStored(key) === undefined)
  const show = (next: boolean): void => {
    if (next) forget(key)
    else store(key, '1')
    isShown.set(next)
  }
  return { use: () => useObservable(isShown), show }
}

export const { use: useStrip, show: showStrip } = storedChoice('flexip-strip-hidden')
export const { use: useGuide, show: showGuide } = storedChoice('flexip-guide-hidden')
export const { use: useRealNote, show: showRealNote } = storedChoice('flexip-real-hidden')
