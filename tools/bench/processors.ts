import { watchProcessors as watch } from '../../local/lambda/processors.ts'

/** Watches the processors. The returned function gives the busy share of all processors since then in percent. */
export function watchProcessors(): () => number {
  const share = watch()
  return () => Math.round(100 * share())
}
