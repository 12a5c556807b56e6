/** One line on standard error, as standard output has the results. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}
