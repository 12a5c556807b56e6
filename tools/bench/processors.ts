import { watchProcessors as watch } from '../../local/lambda/processors.ts'

/** Starts to watch; what it answers tells how much of all processors was busy since then, in percent. */
export function watchProcessors(): () => number {
  const share = watch()
  return () => Math.round(100 * share())
}
