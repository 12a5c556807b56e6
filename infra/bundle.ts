import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type BuildOptions, buildSync } from 'esbuild'
import { functions, otherFunctions } from './routes.ts'

/** How a function is built. */
export const built = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  // The oldest Node that runs it: the same files run on one machine and in the cloud.
  target: 'node20',
  // The SDK's `module` builds load in half the time of its `main` builds and need no `require`.
  mainFields: ['module', 'main'],
  // In a function credentials only ever come from its environment, and the SDK's chain is a quarter of a bundle.
  alias: { '@aws-sdk/credential-provider-node': './lambdas/aws/credentials.ts' },
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

/** Bundles every function by one esbuild call and returns the folder that holds one folder per function. */
export function bundle(root: string, out: string = join(root, 'dist')): string {
  const target = join(out, 'functions')
  const names = [...functions, ...otherFunctions].map(({ name }) => name)
  const { outputFiles } = buildSync({
    entryPoints: Object.fromEntries(
      names.map((name) => [`${name}/index`, join(root, 'lambdas', 'functions', `${name}.ts`)]),
    ),
    absWorkingDir: root,
    outdir: target,
    outExtension: { '.js': '.mjs' },
    ...built,
    write: false,
    sourcemap: 'external',
    sourcesContent: false,
  })
  for (const { path, contents } of outputFiles) {
    // A map is several times its function and slows a cold start when read: it is kept, but not deployed.
    const map = path.endsWith('.map')
    replace(map ? join(out, 'maps', relative(target, path)) : path, contents)
  }
  for (const name of readdirSync(target)) if (!names.includes(name)) rmSync(join(target, name), { recursive: true })
  return target
}

/** Touches nothing that is already so, and never leaves half a file: two syntheses may run at a time. */
function replace(path: string, contents: string | Uint8Array): void {
  const next = Buffer.from(contents)
  if (existsSync(path) && readFileSync(path).equals(next)) return
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, next)
  renameSync(draft, path)
}
