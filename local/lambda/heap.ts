import type { ResourceLimits } from 'node:worker_threads'

/** Lambda gives nine tenths of a function's memory to the old generation. */
const oldGenerationShare = 0.9

/**
 * Node's default size of a semi-space. Lambda sets a twentieth of the memory, but there each function has its own
 * machine, and here dozens share one.
 */
const semiSpaceMb = 16

/** The heap limits of a function. The young generation of Node has the size of three semi-spaces. */
export const heapOf = (memory: number): ResourceLimits => ({
  maxOldGenerationSizeMb: Math.floor(memory * oldGenerationShare),
  maxYoungGenerationSizeMb: 3 * semiSpaceMb,
})
