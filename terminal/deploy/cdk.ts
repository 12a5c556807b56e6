import { type SpawnOptions, spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** How a run of the CDK ended, and what it wrote to standard error, if it was not shown. */
export interface CdkResult {
  code: number
  told: string
}

/**
 * Runs the CDK with these arguments in the folder of the project. Its output is shown unless `isQuiet`. Without a region
 * the CDK finds its own, which may be another one than the command has looked at.
 */
export type Cdk = (args: readonly string[], isQuiet?: boolean, region?: string) => Promise<CdkResult>

/** The CDK in the region of a command. */
export const inRegion =
  (cdk: Cdk, region: string): Cdk =>
  (args, isQuiet) =>
    cdk(args, isQuiet, region)

/** The CDK of this project. What it prints is no result of the command, so all of it goes to standard error. */
export const cdk: Cdk = (args, isQuiet = false, region) => {
  const stdio: SpawnOptions['stdio'] = isQuiet ? ['ignore', 'ignore', 'pipe'] : ['inherit', 2, 2]
  const program = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      stdio,
      env: { ...process.env, ...regionVariables(region) },
    })
    let told = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      told += chunk
    })
    child.once('error', reject).once('close', (code) => resolve({ code: code ?? 1, told }))
  })
}

const regionVariables = (region: string | undefined): Record<string, string> =>
  region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region, AMAZON_REGION: region }
