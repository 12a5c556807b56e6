import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { App } from 'aws-cdk-lib/core'
import { settingsFromContext } from '../../infra/context.ts'
import { completeSettings } from '../../infra/settings.ts'
import type { OtherIssuers } from '../../infra/token-settings.ts'
import { byId, grantsOf, ofType, type Properties, propertiesOf, readStack, synthesize } from './stack.ts'

type Context = Record<string, string>

const complete = (context: Context) => completeSettings(settingsFromContext(new App({ context }).node))
const variablesOf = (context: Context = {}) => {
  const { Environment } = propertiesOf(readStack(context), 'AuthorizerFunction')
  return (Environment as { Variables: Properties }).Variables
}
const pemOf = (key: KeyObject, type: 'spki' | 'pkcs8' = 'spki') => key.export({ type, format: 'pem' }).toString()
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' })

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')

const one = 'https://one.example'
const two = 'https://two.example'

describe('several audiences and issuers', () => {
  test('reach the authorizer, each audience with its issuer', () => {
    const context = {
      issuer: `${one},partner=${two}`,
      audience: 'a,partner=c,b,partner=d',
      services: 'bot,partner=feed',
    }
    const { TOKEN_ISSUER, TOKEN_AUDIENCE, TOKEN_SERVICES, OTHER_ISSUERS } = variablesOf(context)
    expect({ TOKEN_ISSUER, TOKEN_AUDIENCE, TOKEN_SERVICES }).toEqual({
      TOKEN_ISSUER: one,
      TOKEN_AUDIENCE: 'a,b',
      TOKEN_SERVICES: 'bot',
    })
    expect(JSON.parse(String(OTHER_ISSUERS))).toEqual([
      { name: 'partner', issuer: two, audience: ['c', 'd'], services: ['feed'] },
    ])
  })

  test('can stand beside the user pool of the chat, which then is the first issuer', () => {
    const context = { issuer: `partner=${two}`, audience: 'partner=c', services: 'bot' }
    expect(Object.keys(byId(readStack(context), 'AWS::Cognito::UserPool'))).toEqual(['IdentityUsers'])
    expect(variablesOf(context)).toMatchObject({
      TOKEN_ISSUER: '{IdentityUsers.ProviderURL}',
      TOKEN_AUDIENCE: '{IdentityClient}',
      TOKEN_SERVICES: 'bot',
    })
  })

  test('an audience with an equals sign belongs to the issuer without a name, unless it begins with a name', () => {
    const { tokens, otherIssuers } = complete({
      issuer: `${one},p=${two}`,
      audience: 'api://chat?version=1,p=api://chat?version=2',
    })
    expect(tokens?.audience).toEqual(['api://chat?version=1'])
    expect(otherIssuers.p?.audience).toEqual(['api://chat?version=2'])
  })

  test.each<[string, Context, string]>([
    ['two without a name', { issuer: `${one},${two}`, audience: 'a' }, 'all but one need a name'],
    ['one name for two', { issuer: `${one},p=${two},p=${one}`, audience: 'a,p=b' }, 'has the name "p" twice'],
    [
      'names that differ in capital letters',
      { issuer: `${one},p=${two},P=${one}`, audience: 'a,p=b,P=c' },
      'named "P", if capital letters do not count',
    ],
    ['a name with |', { issuer: `${one},a|b=${two}`, audience: 'a,a|b=b' }, 'An issuer is named "a|b"'],
    ['a name with :', { issuer: `${one},user:=${two}`, audience: 'a' }, 'all but one need a name'],
    ['no audience of its own', { issuer: `${one},p=${two}`, audience: 'a' }, 'The issuer "p" has no audience: add p='],
    ['the first issuer again', { issuer: `${one},p=${one}`, audience: 'a,p=b' }, `"issuer" holds "${one}" twice`],
    ['one issuer twice', { issuer: `p=${two},q=${two}`, audience: 'p=b,q=c' }, `"issuer" holds "${two}" twice`],
    ['http', { issuer: `${one},p=http://two.example`, audience: 'a,p=b' }, 'The issuer "p" must be an https:// URL'],
    ['an audience of nobody', { issuer: `p=${two}`, audience: 'a,p=b' }, '"audience" is set but "issuer" is not'],
    ['a service with |', { issuer: one, audience: 'a', services: 'p|bot' }, '"services" holds "p|bot"'],
    ['a guest category with a space', { guests: 'the lobby' }, '"guests" holds "the lobby"'],
  ])('are refused with %s', (_, context, message) => expect(() => complete(context)).toThrow(message))

  test('are refused with a name that only a program can give', () => {
    const otherIssuers: OtherIssuers = { 'a b': { issuer: two, audience: 'c' } }
    expect(() => completeSettings({ otherIssuers })).toThrow('An issuer is named "a b"')
  })

  test('an issuer of this machine may use http, for a local run', () => {
    expect(() => complete({ issuer: `p=http://127.0.0.1:3000/p`, audience: 'p=b' })).not.toThrow()
  })
})

describe('keys without OpenID Connect', () => {
  const keysIn = (tokenKeys: string) => JSON.parse(String(variablesOf({ tokenKeys }).TOKEN_KEYS)).keys

  test('take the place of the user pool, and neither an issuer nor an audience is demanded', () => {
    const context = { tokenKeys: `${one}/keys` }
    expect(ofType(readStack(context), 'AWS::Cognito::UserPool')).toEqual([])
    expect(variablesOf(context).TOKEN_KEYS).toBe(`${one}/keys`)
    expect(Object.keys(variablesOf(context))).not.toEqual(expect.arrayContaining(['TOKEN_ISSUER']))
    expect(Object.keys(synthesize(context).Outputs)).not.toContain('Issuer')
  })

  test('can be those of an issuer, which then is demanded', () => {
    expect(variablesOf({ tokenKeys: `${one}/keys`, issuer: one, audience: 'a' })).toMatchObject({
      TOKEN_ISSUER: one,
      TOKEN_AUDIENCE: 'a',
      TOKEN_KEYS: `${one}/keys`,
    })
  })

  test('can be one or more public keys in PEM', () => {
    const pem = [rsa, ec, ed].map(({ publicKey }) => pemOf(publicKey)).join('\n')
    expect(keysIn(pem)).toEqual([rsa, ec, ed].map(({ publicKey }) => jwkOf(publicKey)))
  })

  test('can be a key set or a single key in JSON, of which only what a check needs is kept', () => {
    const key = { ...jwkOf(ec.publicKey), kid: 'k', alg: 'ES256', use: 'sig' }
    expect(keysIn(JSON.stringify({ keys: [{ ...key, x5t: 'thumb' }], other: 1 }))).toEqual([key])
    expect(keysIn(JSON.stringify(key))).toEqual([key])
  })

  const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const foreign = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const shared = { kty: 'oct', k: 'c2VjcmV0' }

  test.each<[string, string, string]>([
    ['an http address', 'http://one.example/keys', 'must be the https:// URL of a JSON Web Key Set'],
    ['words', 'keys', 'must be the https:// URL of a JSON Web Key Set'],
    ['broken JSON', '{"keys":[', 'must be the https:// URL of a JSON Web Key Set'],
    ['an empty set', '{"keys":[]}', 'must be the https:// URL of a JSON Web Key Set'],
    ['a set of words', '{"keys":["a"]}', 'must be the https:// URL of a JSON Web Key Set'],
    ['an incomplete key', '{"kty":"RSA"}', 'must be the https:// URL of a JSON Web Key Set'],
    ['a broken PEM', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'must be the https:// URL'],
    ['a private key in PEM', pemOf(ec.privateKey, 'pkcs8'), 'holds a private or shared key'],
    ['a private key in JSON', JSON.stringify(jwkOf(ec.privateKey)), 'holds a private or shared key'],
    ['a shared key', JSON.stringify({ keys: [shared] }), 'holds a private or shared key'],
    ['a short RSA key', pemOf(small.publicKey), 'neither RSA of 2,048 bits or more'],
    ['a key of another curve', pemOf(foreign.publicKey), 'neither RSA of 2,048 bits or more'],
    ['too many keys', Array(7).fill(pemOf(rsa.publicKey)).join('\n'), 'more than 2500 bytes of keys'],
  ])('cannot be %s, and the error does not quote them', (_, tokenKeys, message) => {
    const refused = () => complete({ tokenKeys })
    expect(refused).toThrow(message)
    expect(refused).not.toThrow('secret')
    expect(refused).not.toThrow(String(jwkOf(ec.privateKey).d))
  })

  test('give the web page no place to sign in, so the page needs an issuer', () => {
    expect(() => synthesize({ tokenKeys: `${one}/keys`, demo: 'true' })).toThrow('The web page needs an "issuer"')
  })
})

describe('guests', () => {
  const rights = (context: Context) =>
    grantsOf(propertiesOf(readStack(context), 'AuthorizerRole')).map(({ action, resource }) => `${action} ${resource}`)
  const count = 'dynamodb:UpdateItem {TablesSessions.Arn}'

  test('are off by default, and the authorizer can write nothing', () => {
    expect(variablesOf()).not.toHaveProperty('GUEST_CATEGORIES')
    expect(rights({})).not.toContain(count)
  })

  test('are admitted to categories that are named, and counted by network', () => {
    expect(variablesOf({ guests: 'general,c-2' }).GUEST_CATEGORIES).toBe('general,c-2')
    expect(rights({ guests: 'general' })).toContain(count)
  })
})

test('no setting of tokens gives any resource another logical id', () => {
  const ids = (context: Context) => Object.keys(synthesize(context).Resources)
  const context = { issuer: `partner=${two}`, audience: 'partner=c', services: 'bot', guests: 'general' }
  expect(ids(context)).toEqual(ids({}))
})
