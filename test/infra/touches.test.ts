import { grantsOf, ofType, pascal, plain, type StackTemplate, synthesize } from './stack.ts'
import { touches } from './touches.ts'

const template = synthesize()

/** Logical ids without the digits that CDK puts behind them. */
const named = (text: string) => text.replace(/\$\{(\w+?)[0-9A-F]{8}(\.\w+)?\}/g, '{$1$2}')

/** A grant as `touches.ts` writes it: a place and an action; undefined for the function's own log. */
function touchOf(name: string, action: string, resource: string): [place: string, act: string] | undefined {
  const [area, act = ''] = action.split(':')
  const target = named(resource)
  if (area === 'logs' && target === `{${pascal(name)}Log.Arn}`) return undefined
  const table = /^\{Tables(\w+)\.(Arn|StreamArn)\}(?:\/(?:index\/(\w+)|(stream)\/\*))?$/.exec(target)
  if (area === 'dynamodb' && table) {
    const [, tableName = '', kind, indexName, stream] = table
    const part = kind === 'StreamArn' || stream ? 'stream' : indexName
    return [[tableName.toLowerCase(), part].filter(Boolean).join('/'), act]
  }
  const method = /^arn:.*\{SocketApi\}\/chat\/(POST|DELETE)\/@connections\/\*$/.exec(target)?.[1]
  if (action === 'execute-api:ManageConnections' && method) return ['connections', method]
  const started = /^\{(\w+)Function\.Arn\}$/.exec(target)?.[1]
  if (action === 'lambda:InvokeFunction' && started) return ['starts', started.toLowerCase()]
  if (area === 'sqs' && target === '{LargeRoomsUndelivered.Arn}') return ['undelivered', act]
  return [`unexpected ${target}`, action]
}

function touchesOf(from: StackTemplate, roleId: string, name: string): string[] {
  const places = new Map<string, Set<string>>()
  for (const { action, resource } of grantsOf(from.Resources[roleId]?.Properties ?? {})) {
    const [place, act] = touchOf(name, action, resource) ?? []
    if (place && act) places.set(place, new Set([...(places.get(place) ?? []), act]))
  }
  return [...places].map(([place, acts]) => `${place}: ${[...acts].sort().join(' ')}`).sort()
}

/** The functions of the chat, by name, with the id of each one's role. */
const roles = new Map(
  ofType(template, 'AWS::Lambda::Function').map(([id, properties]) => [
    id.replace(/Function[0-9A-F]{8}$/, '').replace(/^./, (letter) => letter.toLowerCase()),
    plain(properties.Role).replace(/^\$\{(.*)\.Arn\}$/, '$1'),
  ]),
)

it('every function of the template is listed, and no other', () => {
  expect([...roles.keys()].filter((name) => !name.startsWith('custom')).sort()).toEqual(Object.keys(touches).sort())
})

it.each(Object.keys(touches))('%s may touch what its work needs, and nothing else', (name) => {
  expect(touchesOf(template, roles.get(name) ?? '', name)).toEqual([...(touches[name] ?? [])].sort())
})
