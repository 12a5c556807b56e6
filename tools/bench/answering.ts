/** What a program may be asked, and what it answers. */
export type Words<Of> = Record<keyof Of, { asked: unknown; answered: unknown }>

export type Reply = { answered: unknown } | { refused: string }

export interface Question<Of extends Words<Of>, Word extends keyof Of = keyof Of> {
  word: Word
  asked: Of[Word]['asked']
}

/** For programs that are asked by whoever started them, and end with them. */
export function answering<Of extends Words<Of>>(
  answers: {
    [Word in keyof Of]: (asked: Of[Word]['asked']) => Promise<Of[Word]['answered']>
  },
): void {
  const say = (reply: Reply) => void process.send?.(reply)
  process.on('message', ({ word, asked }: Question<Of>) => {
    answers[word](asked).then(
      (answered) => say({ answered }),
      (error) => say({ refused: String(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
}
