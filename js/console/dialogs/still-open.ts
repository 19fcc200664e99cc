// Whether a form is still open when the answer to its request comes. What the person does then is not disturbed.
import { useEffect, useRef } from 'react'

export function useStillOpen(): () => boolean {
  const isOpen = useRef(true)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])
  return () => isOpen.current
}
