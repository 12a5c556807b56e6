import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { importSpecifiers } from './support/import-specifiers.ts'

interface Manifest {
  name: string
  workspaces?: readonly string[]
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

const declaredIn = ({ dependencies, devDependencies, optionalDependencies }: Manifest) => ({
  ...dependencies,
  ...devDependencies,
  ...optionalDependencies,
})

const root = manifestOf('.')
const workspaces = root.workspaces ?? []

/** Packages that come with the test runner, in the version that it needs. */
const ofJest = new Set(['jest-circus'])

/** The folders whose sources use the packages of the root. */
const shared = ['protocol', 'lambdas', 'infra', 'terminal']

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/(^|\/)(dist|node_modules)\//.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
}

/** The packages that the sources of a folder import: without relative paths and the modules of Node. */
function packagesImportedIn(folder: string): string[] {
  const names = sourcesIn(folder)
    .flatMap(importSpecifiers)
    .filter((specifier) => !/^[./]|^node:/.test(specifier) && !builtinModules.includes(specifier))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '')
  return [...new Set(names)].sort()
}

test.each(workspaces)('the workspace %s declares every package that it imports', (folder) => {
  expect(Object.keys(declaredIn(manifestOf(folder)))).toEqual(expect.arrayContaining(packagesImportedIn(folder)))
})

test('the root declares every package that the folders outside the workspaces import', () => {
  const imported = [...new Set(shared.flatMap(packagesImportedIn))]

  expect(imported).toEqual(expect.arrayContaining(['zod', 'jose', 'aws-cdk-lib']))
  expect(Object.keys(declaredIn(root))).toEqual(expect.arrayContaining(imported))
})

test('a package that tests import is declared by the root or by a workspace', () => {
  const declared = [root, ...workspaces.map(manifestOf)].flatMap((manifest) => [
    manifest.name,
    ...Object.keys(declaredIn(manifest)),
  ])

  expect(declared).toEqual(expect.arrayContaining(packagesImportedIn('test').filter((name) => !ofJest.has(name))))
})

test('the SDK has no dependencies', () => {
  expect(declaredIn(manifestOf('client'))).toEqual({})
})

test('a package has the same exact version wherever it is declared', () => {
  const versions = new Map<string, Set<string>>()
  for (const manifest of [root, ...workspaces.map(manifestOf)])
    for (const [name, version] of Object.entries(declaredIn(manifest)))
      versions.set(name, (versions.get(name) ?? new Set()).add(version))

  expect([...versions].filter(([, found]) => found.size !== 1)).toEqual([])
  expect([...versions].filter(([, [version]]) => !/^\d+\.\d+\.\d+$/.test(version ?? ''))).toEqual([])
})
