import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Output } from '../command/output.ts'

/**
 * Passes on each line that a person types, until the input or the signal ends. Output that comes meanwhile is written
 * above the line that is being typed, and that line is kept.
 */
export async function readTyped(
  input: ReadStream,
  screen: WriteStream,
  output: Output,
  { signal, line }: { signal: AbortSignal; line(text: string): void },
): Promise<void> {
  const typing = createInterface({ input, output: screen, prompt: '> ' })
  const ended = new Promise<void>((resolve) => typing.on('close', resolve))
  const close = () => typing.close()
  signal.addEventListener('abort', close, { once: true })
  typing.on('SIGINT', close)
  output.around = (write) => above(typing, screen, write)
  typing.on('line', (text) => {
    if (text.trim() !== '') line(text)
    typing.prompt()
  })
  typing.prompt()
  if (signal.aborted) typing.close()
  await ended
  output.around = (write) => write()
  screen.write('\n')
}

function above(typing: Interface, screen: WriteStream, write: () => void): void {
  moveCursor(screen, 0, -typing.getCursorPos().rows)
  cursorTo(screen, 0)
  clearScreenDown(screen)
  write()
  // Else the prompt moves up by the rows of the input, over the new output.
  Object.assign(typing, { prevRows: 0 })
  typing.prompt(true)
}
