import type { ResourceLimits } from 'node:worker_threads'

/** In MB, as Lambda starts Node: nine tenths of the function's memory for what lives long. */
const lasting = 0.9

/**
 * A half of what lives shortly, in MB, as Node has it by itself. Lambda gives a twentieth of the memory, on a machine that
 * is the function's own; here dozens share one.
 */
const short = 16

/** Node counts the short-lived as three such halves. */
export const heapOf = (memory: number): ResourceLimits => ({
  maxOldGenerationSizeMb: Math.floor(memory * lasting),
  maxYoungGenerationSizeMb: 3 * short,
})
