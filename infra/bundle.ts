import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type BuildOptions, buildSync } from 'esbuild'
import { authorizer, functions, otherFunctions } from './functions.ts'

/** Options of esbuild for every function. */
export const buildOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  // The oldest Node of the local run, which runs the same files.
  target: 'node20',
  // The `module` builds of the SDK load in half the time of its `main` builds and need no `require`.
  mainFields: ['module', 'main'],
  // A function gets its credentials from its environment; the SDK's other ways to them are a quarter of a bundle.
  alias: { '@aws-sdk/credential-provider-node': './lambdas/aws/credentials.ts' },
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

/**
 * Bundles every function and returns the folder that holds one folder per function. The authorizer is in parts: what
 * few handshakes need is a file of its own, since loading it with the rest would make each cold start 30 times as long.
 */
export function bundle(root: string, out: string = join(root, 'dist')): string {
  const target = join(out, 'functions')
  // Hashes in the names of parts cover the way from here to the sources, so it is the same wherever the files go.
  const outdir = join(root, 'dist', 'functions')
  const names = [...functions, ...otherFunctions].map(({ name }) => name)
  const build = (some: readonly string[], more: BuildOptions) =>
    buildSync({
      entryPoints: Object.fromEntries(
        some.map((name) => [`${name}/index`, join(root, 'lambdas', 'functions', `${name}.ts`)]),
      ),
      absWorkingDir: root,
      // Nor does it matter from where a package is linked.
      preserveSymlinks: true,
      outdir,
      outExtension: { '.js': '.mjs' },
      ...buildOptions,
      ...more,
      write: false,
      sourcemap: 'external',
      sourcesContent: false,
    }).outputFiles.map(({ path, contents }) => ({ path: join(target, relative(outdir, path)), contents }))
  const outputFiles = [
    ...build(
      names.filter((name) => name !== authorizer.name),
      {},
    ),
    ...build([authorizer.name], { splitting: true, chunkNames: `${authorizer.name}/[name]-[hash]` }),
  ]
  for (const { path, contents } of outputFiles) {
    // A source map is several times as large as its function and slows a cold start: it is kept, but not deployed.
    const isMap = path.endsWith('.map')
    writeIfChanged(isMap ? join(out, 'maps', relative(target, path)) : path, contents)
  }
  const kept = new Set(outputFiles.map(({ path }) => path))
  for (const name of readdirSync(target)) {
    if (!names.includes(name)) rmSync(join(target, name), { recursive: true })
  }
  for (const part of readdirSync(join(target, authorizer.name)).map((file) => join(target, authorizer.name, file))) {
    if (!kept.has(part)) rmSync(part)
  }
  return target
}

/** Never leaves half a file, and keeps a file that is up to date: two syntheses may run at the same time. */
function writeIfChanged(path: string, contents: string | Uint8Array): void {
  const next = Buffer.from(contents)
  if (existsSync(path) && readFileSync(path).equals(next)) return
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, next)
  renameSync(draft, path)
}
