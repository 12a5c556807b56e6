import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** The element with this ref gets the focus when it appears. */
export function useFocus<Field extends HTMLElement>(): RefObject<Field | null> {
  const field = useRef<Field>(null)
  useEffect(() => field.current?.focus(), [])
  return field
}
