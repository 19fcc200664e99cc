// Whether the strip of the emulated fleet is shown, the guide of a first visit below it, and the note that this is the real
// service. The browser keeps all three.
import { observable, useObservable } from '../data/observable.js'

function storedChoice(key: string) {
  const isShown = observable(localStorage.getItem(key) === null)
  const show = (next: boolean): void => {
    if (next) localStorage.removeItem(key)
    else localStorage.setItem(key, '1')
    isShown.set(next)
  }
  return { use: () => useObservable(isShown), show }
}

export const { use: useStrip, show: showStrip } = storedChoice('flexip-strip-hidden')
export const { use: useGuide, show: showGuide } = storedChoice('flexip-guide-hidden')
export const { use: useRealNote, show: showRealNote } = storedChoice('flexip-real-hidden')
