/** An end at a chosen place: the environment of the next event of a function, at one of its calls of AWS. */
export interface Kill {
  /** Part of the function's name, or the beginning of its name in the template. */
  function: string
  call: number
  side: 'before' | 'after'
  /** How many calls the chosen event has made; undefined while none is chosen. */
  calls?: number
  struck: boolean
  /** The chosen event is over: without a strike it made fewer calls. */
  finished: boolean
}

/** Reads `kill:Send:3:after`. */
export function readKill(spec: string): Kill {
  const [, name, call, side] = /^kill:([^:]+):(\d+):(before|after)$/.exec(spec) ?? []
  if (!name || !(Number(call) > 0) || (side !== 'before' && side !== 'after')) {
    throw new Error(`A kill needs a function, a call and a side, as in kill:Send:3:after, not ${spec}`)
  }
  return { function: name, call: Number(call), side, struck: false, finished: false }
}

/** The kill that an event beginning now is chosen for. */
export function chosenFor(kills: readonly Kill[], { id, name }: { id: string; name: string }): Kill | undefined {
  const kill = kills.find(
    (wanted) => wanted.calls === undefined && (id.startsWith(wanted.function) || name.includes(wanted.function)),
  )
  if (kill) kill.calls = 0
  return kill
}
