import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Code } from 'aws-cdk-lib/aws-lambda'

/** The package: its library is in one folder, and beside that are those of the built functions and of the page. */
const folder = join(import.meta.dirname, '..')

/** The code of a function that comes with the package. */
export const prebuiltCode = (functionName: string): Code =>
  Code.fromAsset(built(join('functions', functionName), 'code'))

/** The folder of the page that comes with the package. */
export const prebuiltPage = (): string => built('page', 'page')

function built(path: string, prop: string): string {
  const found = join(folder, path)
  if (existsSync(found)) return found
  throw new Error(`There is no ${path} in ${folder}: use the package, or give the "${prop}" of the chat.`)
}
