import { object, strings, text } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import { type Assembly, resourcesOf } from './load.ts'

export interface LambdaFunction {
  /** Logical id in the template. */
  id: string
  name: string
  arn: string
  /** ARN of the role with its permissions. */
  role: string
  folder: string
  handler: string
  timeoutMs: number
  memory: number
  environment: Record<string, string>
  /** Reserved concurrency. */
  reserved?: number
}

/** Reads the functions of an assembly, with the folders of their code. */
export function readFunctions(assembly: Assembly, resolve: Resolve): LambdaFunction[] {
  return resourcesOf(assembly.template, 'AWS::Lambda::Function').map(([id, resource]) => {
    const properties = object(resolve(resource.properties))
    const refuse = (reason: string) => new Error(`The local run cannot run function ${id}: ${reason}`)
    if (!text(properties.Runtime).startsWith('nodejs')) throw refuse(`its runtime is ${properties.Runtime ?? 'none'}`)
    if (properties.Layers) throw refuse('it has layers')
    if (properties.DeadLetterConfig) throw refuse('it has a dead letter queue; a destination on failure says more')
    const folder = assembly.assets.get(text(object(properties.Code).S3Key))
    if (!folder) throw refuse('its code is not an asset of this assembly')
    const reserved = properties.ReservedConcurrentExecutions
    return {
      id,
      name: String(resolve({ Ref: id })),
      arn: String(resolve({ 'Fn::GetAtt': [id, 'Arn'] })),
      role: text(properties.Role),
      folder,
      handler: text(properties.Handler),
      timeoutMs: Number(properties.Timeout ?? 3) * 1000,
      memory: Number(properties.MemorySize ?? 128),
      environment: strings(object(properties.Environment).Variables),
      ...(reserved !== undefined && { reserved: Number(reserved) }),
    }
  })
}
