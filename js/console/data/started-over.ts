// How often the emulated fleet was reset, in this tab or another: reports and doubts of the fleet before are of nothing now.
import { observable } from './observable.js'

export const startedOver = observable(0)

export function startOver(): void {
  startedOver.set(startedOver.get() + 1)
}
