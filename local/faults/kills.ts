/** Kills the environment that handles the next event of a function, at one of its calls of AWS. */
export interface Kill {
  /** Part of the function's name, or the beginning of its logical id in the template. */
  function: string
  call: number
  side: 'before' | 'after'
  /** How many calls the event has made; undefined before an event is chosen. */
  calls?: number
  killed: boolean
  /** Whether the event has ended. If it was not killed, it made fewer calls. */
  finished: boolean
}

/** Parses a kill, for example `kill:Send:3:after`. */
export function readKill(spec: string): Kill {
  const [, name, call, side] = /^kill:([^:]+):(\d+):(before|after)$/.exec(spec) ?? []
  if (!name || !(Number(call) > 0) || (side !== 'before' && side !== 'after')) {
    throw new Error(`A kill needs a function, a call and a side, as in kill:Send:3:after, not ${spec}`)
  }
  return { function: name, call: Number(call), side, killed: false, finished: false }
}

/** The kill that applies to an event that begins now, if there is one. */
export function killFor(kills: readonly Kill[], { id, name }: { id: string; name: string }): Kill | undefined {
  const kill = kills.find(
    (wanted) => wanted.calls === undefined && (id.startsWith(wanted.function) || name.includes(wanted.function)),
  )
  if (kill) kill.calls = 0
  return kill
}
