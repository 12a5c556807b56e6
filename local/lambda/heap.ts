import type { ResourceLimits } from 'node:worker_threads'

/** In MB, as Lambda starts Node: nine tenths of the function's memory for what lives long. */
const lasting = 0.9

/**
 * A half of what lives shortly, in MB. Lambda gives a twentieth of the memory, on a machine that is the function's own.
 * Here dozens share one: a smaller one is collected more often, in a larger one each of them keeps more that is dead.
 */
const short = 8

/** Node counts the short-lived as three such halves. */
export const heapOf = (memory: number): ResourceLimits => ({
  maxOldGenerationSizeMb: Math.floor(memory * lasting),
  maxYoungGenerationSizeMb: 3 * short,
})
