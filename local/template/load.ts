import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { entries, isObject, type Json, list, object, text } from '../json.ts'

export interface Resource {
  type: string
  properties: Json
  /** The condition under which the resource exists. */
  condition?: string
}

export interface Template {
  resources: Map<string, Resource>
  parameters: Json
  conditions: Json
  mappings: Json
  outputs: Json
}

export interface Assembly {
  stack: string
  template: Template
  /** Folder of each asset, by its key in the bucket of a deployment. */
  assets: Map<string, string>
}

/** Runs the app command with the environment variables of the CDK CLI: the output folder and the context. */
export async function synthesize(options: {
  root: string
  /** App command to use instead of the one in cdk.json. */
  app?: string | undefined
  outDir: string
  context: Json
  signal: AbortSignal
}): Promise<void> {
  const config = object(await readJson(join(options.root, 'cdk.json')))
  const app = options.app ?? text(config.app)
  if (!app) throw new Error(`${join(options.root, 'cdk.json')} names no app command`)
  const child = spawn(`exec ${app}`, {
    cwd: options.root,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: options.outDir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...object(config.context), ...options.context }),
      CDK_VALIDATION: 'false',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  })
  const end = () => child.kill()
  options.signal.addEventListener('abort', end)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  options.signal.removeEventListener('abort', end)
  if (code !== 0) throw new Error(`Synthesis (${app}) ended with ${code}:\n${output.trim()}`)
}

/** Reads an assembly with exactly one stack. */
export async function readAssembly(dir: string): Promise<Assembly> {
  const artifacts = entries(object(await readJson(join(dir, 'manifest.json'))).artifacts)
  const stacks = artifacts.filter(([, artifact]) => object(artifact).type === 'aws:cloudformation:stack')
  const [first] = stacks
  if (!first || stacks.length > 1) {
    throw new Error(`The local run takes one stack; ${dir} has ${stacks.map(([name]) => name).join(', ') || 'none'}`)
  }
  const assets = new Map<string, string>()
  for (const [, artifact] of artifacts) {
    if (object(artifact).type !== 'cdk:asset-manifest') continue
    const manifest = object(await readJson(join(dir, text(object(object(artifact).properties).file))))
    for (const [, file] of entries(manifest.files)) {
      const source = object(object(file).source)
      if (source.packaging !== 'zip') continue
      for (const [, destination] of entries(object(file).destinations)) {
        assets.set(text(object(destination).objectKey), join(dir, text(source.path)))
      }
    }
  }
  const file = text(object(object(first[1]).properties).templateFile)
  return { stack: first[0], template: readTemplate(await readJson(join(dir, file))), assets }
}

export function readTemplate(source: unknown): Template {
  const { Resources, Parameters, Conditions, Mappings, Outputs } = object(source)
  const resources = new Map<string, Resource>()
  for (const [id, resource] of entries(Resources)) {
    if (!isObject(resource)) throw new Error(`Resource ${id} is not an object`)
    const condition = text(resource.Condition)
    resources.set(id, {
      type: text(resource.Type),
      properties: object(resource.Properties),
      ...(condition && { condition }),
    })
  }
  return {
    resources,
    parameters: object(Parameters),
    conditions: object(Conditions),
    mappings: object(Mappings),
    outputs: object(Outputs),
  }
}

export const resourcesOf = (template: Template, ...types: string[]) =>
  [...template.resources].filter(([, resource]) => types.includes(resource.type))

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}

export const listOf = (value: unknown): Json[] => list(value).map(object)
