import type { Resolve } from './intrinsics.ts'
import { resourcesOf, type Template } from './load.ts'

export interface UserPool {
  id: string
  clients: string[]
}

/** Reads the user pool of a template, if it has one. */
export function readUserPool(template: Template, resolve: Resolve): UserPool | undefined {
  const [pool, second] = resourcesOf(template, 'AWS::Cognito::UserPool')
  if (second) throw new Error('The local run takes one user pool')
  if (!pool) return undefined
  const clients = resourcesOf(template, 'AWS::Cognito::UserPoolClient')
  return { id: String(resolve({ Ref: pool[0] })), clients: clients.map(([id]) => String(resolve({ Ref: id }))) }
}
