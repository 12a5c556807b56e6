import { useEffect, useReducer } from 'preact/hooks'
import type { Observable } from '../../model/observable.ts'

/** Renders the component again when one of these objects has changed. */
export function useObservable(...objects: readonly (Observable | undefined)[]): void {
  const [, render] = useReducer((count: number, _: undefined) => count + 1, 0)
  useEffect(() => {
    const ends = objects.map((object) => object?.observe(() => render(undefined)))
    // A change between the first rendering and this effect has been missed.
    render(undefined)
    return () => {
      for (const end of ends) end?.()
    }
  }, objects)
}
