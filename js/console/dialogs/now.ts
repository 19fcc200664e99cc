// The time of now, for lengths of time that are shown while they grow.
import { useEffect, useState } from 'react'

const tickMs = 100
/** Under reduced motion, times count once a second. */
const calmTickMs = 1000

export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isRunning) return
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), isCalm ? calmTickMs : tickMs)
    return () => clearInterval(timer)
  }, [isRunning])
  return now
}
