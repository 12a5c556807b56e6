import type { Person } from '../../terminal/command/person.ts'

/** Somebody who answers with these lines, one after another, or the lines of a pipe. */
export function answering(answers: readonly string[], isPresent = true): Person & { asked: string[] } {
  const left = [...answers]
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return left.shift()
  }
  return { isPresent, asked, ask, askSecretly: ask, leave: () => undefined }
}
