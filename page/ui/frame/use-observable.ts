import { useEffect, useReducer } from 'preact/hooks'
import type { Observed } from '../../model/observable.ts'

/** Draws the component again whenever one of these has changed. */
export function useObserved(...things: readonly (Observed | undefined)[]): void {
  const [, draw] = useReducer((count: number, _: undefined) => count + 1, 0)
  useEffect(() => {
    const ends = things.map((thing) => thing?.observe(() => draw(undefined)))
    // What changed between drawing and looking would go unseen.
    draw(undefined)
    return () => {
      for (const end of ends) end?.()
    }
  }, things)
}
