import WebSocket from 'ws'
import { Chance } from '../simulation/chance.ts'

/** The probability of each fault, per frame. */
export interface Faults {
  /** The connection is cut before or after a request is written. */
  cut?: number
  /** The connection is cut instead of delivering a frame. */
  cutInstead?: number
  /** A push is lost. */
  dropPush?: number
  doublePush?: number
  /** A push arrives after later ones. */
  delayPush?: number
  loseReply?: number
  doubleReply?: number
}

type Listener = (event: { data: unknown }) => void

/** Connections between a client and the server, with random faults. */
export function faultySockets(odds: Faults = {}, seed = 1) {
  const chance = new Chance(seed)
  const figures = { opened: 0, cuts: 0, lostReplies: 0, doubled: 0, delayed: 0, droppedPushes: 0, pushes: 0 }
  const open = new Set<FaultySocket>()
  const faults = { ...odds }

  class FaultySocket {
    readonly #socket: WebSocket

    constructor(url: string, protocols: string[]) {
      this.#socket = new WebSocket(url, protocols)
      this.#socket.addEventListener('open', () => {
        figures.opened++
        open.add(this)
      })
      this.#socket.addEventListener('close', () => open.delete(this))
    }

    get readyState(): number {
      return this.#socket.readyState
    }

    send(text: string): void {
      const moment = chance.hits(faults.cut ?? 0) ? chance.pick(['unsent', 'sent']) : undefined
      if (moment !== 'unsent') this.#socket.send(text, () => moment && this.cut())
      else this.cut()
    }

    close(code?: number): void {
      this.#socket.close(code)
    }

    /** Ends the connection without a close frame. */
    cut(): void {
      figures.cuts++
      this.#socket.terminate()
    }

    addEventListener(type: 'open' | 'close' | 'error' | 'message', listener: Listener): void {
      if (type !== 'message') this.#socket.addEventListener(type, () => listener({ data: undefined }))
      else this.#socket.addEventListener('message', ({ data }) => this.#deliver({ data }, listener))
    }

    #deliver(event: { data: unknown }, listener: Listener): void {
      const isPush = String(event.data).startsWith('{"type"')
      if (isPush) figures.pushes++
      if (chance.hits(faults.cutInstead ?? 0)) {
        this.cut()
        return
      }
      if (chance.hits((isPush ? faults.dropPush : faults.loseReply) ?? 0)) {
        figures[isPush ? 'droppedPushes' : 'lostReplies']++
        return
      }
      if (isPush && chance.hits(faults.delayPush ?? 0)) {
        figures.delayed++
        setTimeout(listener, chance.between(0, 100), event)
        return
      }
      listener(event)
      if (!chance.hits((isPush ? faults.doublePush : faults.doubleReply) ?? 0)) return
      figures.doubled++
      listener(event)
    }
  }

  return {
    WebSocket: FaultySocket,
    figures,
    /** Replaces the faults; without an argument there are none. */
    set(next: Faults = {}): void {
      for (const name of Object.keys(faults) as (keyof Faults)[]) delete faults[name]
      Object.assign(faults, next)
    },
    cutAll(): void {
      for (const socket of [...open]) socket.cut()
    },
  }
}
