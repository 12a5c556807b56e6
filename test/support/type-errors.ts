import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

/**
 * What the compiler says of a file of `test/<folder>` in which this text stands in the place of that. A comparison of
 * types is made by the compiler alone, so a test of it has to see the compiler fail.
 */
export async function typeErrors(file: string, changed: { from: string; to: string }): Promise<string[]> {
  const source = readFileSync(file, 'utf8')
  if (!source.includes(changed.from)) throw new Error(`There is no ${changed.from} in ${file}.`)
  // As far from the root as the file itself, so that its imports lead to the same places.
  mkdirSync('coverage', { recursive: true })
  const folder = mkdtempSync(join('coverage', 'types-'))
  try {
    const copy = join(folder, basename(file))
    writeFileSync(copy, source.replace(changed.from, changed.to))
    const config = { extends: resolve('tsconfig.json'), include: [], files: [resolve(copy)] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    return await compile(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const compile = (folder: string) =>
  new Promise<string[]>((done) => {
    execFile(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder, '--pretty', 'false'], (_, said) =>
      done(said.split('\n').filter((line) => line.includes('error TS'))),
    )
  })
