/** `npm run build:package [folder]`: the construct as a package, with the built functions and the page beside it. */

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildSync } from 'esbuild'
import { bundle } from '../infra/bundle.ts'

const root = join(import.meta.dirname, '..')

interface Manifest {
  name: string
  version: string
  description: string
  license: string
  engines: Record<string, string>
}

/**
 * The oldest releases that have all that the construct uses. They are peers, since a second copy of CDK would not know
 * the constructs of the first.
 */
const peers = { 'aws-cdk-lib': '^2.200.0', constructs: '^10.0.5' }

function manifestOf({ name, version, description, license, engines }: Manifest) {
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: false,
    engines,
    exports: {
      '.': { types: './types/infra/lib.d.ts', default: './lib/index.js' },
      './package.json': './package.json',
    },
    types: './types/infra/lib.d.ts',
    files: ['lib', 'types', 'functions', 'page'],
    peerDependencies: peers,
  }
}

/** The folder is emptied first, so it must be a package that was built before, or not exist. */
function checkFolder(out: string): void {
  if (!existsSync(out) || readdirSync(out).length === 0) return
  const manifest = join(out, 'package.json')
  const isPackage = existsSync(manifest) && existsSync(join(out, 'lib')) && !existsSync(join(out, 'infra'))
  if (isPackage && JSON.parse(readFileSync(manifest, 'utf8')).name === 'persistent-chat') return
  throw new Error(`"${out}" holds something else than a package that was built here; name an empty folder.`)
}

function buildPackage(out: string): void {
  checkFolder(out)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  buildSync({
    entryPoints: [join(root, 'infra', 'lib.ts')],
    absWorkingDir: root,
    outfile: join(out, 'lib', 'index.js'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
  run(process.execPath, [tsc(), '-p', join(root, 'infra'), '--outDir', join(out, 'types')])
  bundle(root, out)
  // The maps are for whoever debugs a function, and the package has no sources for them.
  rmSync(join(out, 'maps'), { recursive: true })
  // Not into page/dist, from which others may read at this moment.
  run('npm', ['run', '--silent', 'build:page', '--', `--outdir=${join(out, 'page')}`])
  cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'))
  cpSync(join(root, 'docs', 'embedding.md'), join(out, 'README.md'))
  const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifestOf(manifest), null, 2)}\n`)
}

const tsc = () => join(root, 'node_modules', 'typescript', 'bin', 'tsc')

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}

buildPackage(resolve(process.argv[2] ?? join(root, 'dist', 'package')))
