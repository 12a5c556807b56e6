import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const flags = [
  ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noEmit', '--skipLibCheck'],
  ['--ignoreConfig', '--module', 'nodenext', '--target', 'es2023', '--allowImportingTsExtensions'],
  ['--lib', 'es2023,dom', '--types', 'node', '--typeRoots', join(process.cwd(), 'node_modules/@types')],
].flat()

/** The errors in these programs, which import the client as a package, under the strictest settings; empty if none. */
export async function compilerErrors(programs: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'programs-'))
  try {
    const files = programs.map((_, index) => join(folder, `program-${index}.mts`))
    for (const [index, program] of programs.entries()) {
      const source = program.replaceAll("'persistent-chat-client'", `'${process.cwd()}/client/index.ts'`)
      await writeFile(files[index] ?? '', `${source}\nexport {}\n`)
    }
    const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc')
    const compiling = promisify(execFile)(process.execPath, [tsc, ...flags, ...files])
    return (await compiling.catch((error: { stdout: string }) => error)).stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}
