import { byId, type Properties, readStack, synthesize } from './stack.ts'

/** Lambda allows a policy of 20 KB and variables of 4 KB to a function, and a stack may have 500 resources and 1 MB. */
const most = { policy: 20 * 1024, variables: 4 * 1024, resources: 500, template: 1_000_000 }

/** Every name of a resource at its longest: a stack's name has up to 128 characters. */
const atLongest = (text: string) => text.replace(/\{[\w:]+(\.\w+)?\}/g, (name) => 'x'.repeat(128 + name.length + 32))

const settings = [
  {},
  { demo: 'true', accessLog: 'true', recordAddresses: 'true', workers: '20', services: 'bot,feed', guests: 'general' },
  {
    issuer: ['https://login.example.com', ...numbered('https://login.example.com/tenant')].join(','),
    audience: ['chat', ...numbered('chat')].join(','),
  },
]

function numbered(text: string): string[] {
  return [1, 2, 3, 4, 5].map((number) => `issuer${number}=${text}-${number}`)
}

describe.each(settings)('with the settings %j', (context) => {
  const template = readStack(context)
  const functions = byId(template, 'AWS::Lambda::Function')
  const permissions = Object.values(byId(template, 'AWS::Lambda::Permission'))

  test('the policy of every function is smaller than Lambda allows, and has one statement', () => {
    for (const id of Object.keys(functions)) {
      const own = permissions.filter(({ FunctionName }) => FunctionName === `{${id}.Arn}`)
      expect(own.length).toBeLessThanOrEqual(1)
      expect(atLongest(JSON.stringify(own)).length).toBeLessThan(most.policy)
    }
  })

  test('the variables of every function are smaller than Lambda allows', () => {
    const sizes = Object.entries(functions).map(([id, { Environment }]) => {
      const { Variables = {} } = (Environment ?? {}) as { Variables?: Properties }
      const text = Object.entries(Variables).map(([name, value]) => `${name}${atLongest(String(value))}`)
      return { id, bytes: Buffer.byteLength(text.join('')) }
    })
    expect(sizes.filter(({ bytes }) => bytes >= most.variables)).toEqual([])
    expect(Math.max(...sizes.map(({ bytes }) => bytes))).toBeGreaterThan(500)
  })

  test('the template is smaller than CloudFormation allows', () => {
    const whole = synthesize(context)
    expect(Object.keys(whole.Resources).length).toBeLessThan(most.resources)
    expect(JSON.stringify(whole).length).toBeLessThan(most.template)
  })
})

test('no function reserves concurrency by default, so an account with a quota of 10 takes the stack', () => {
  for (const context of [{}, { demo: 'true', accessLog: 'true' }]) {
    expect(JSON.stringify(synthesize(context))).not.toMatch(/ReservedConcurrentExecutions|ProvisionedConcurren/)
  }
})
