import { isBadToken, kindOf, UnusableClaims } from '../../lambdas/tokens/refusal.ts'

const withCode = (code: unknown, more: object = {}) => Object.assign(new Error('the token'), { code, ...more })

it.each<[string, unknown, string]>([
  ['its code', withCode('ERR_JWT_EXPIRED'), 'ERR_JWT_EXPIRED'],
  ['its own code rather than that of its cause', withCode('A', { cause: { code: 'B' } }), 'A'],
  ['the code of its cause', new TypeError('the token', { cause: { code: 'ENOTFOUND' } }), 'ENOTFOUND'],
  ['its name, if its cause has no code', new TypeError('the token', { cause: {} }), 'TypeError'],
  ['its name, if its cause is a text', new TypeError('the token', { cause: 'code' }), 'TypeError'],
  ['its name, if its cause is null', new TypeError('the token', { cause: null }), 'TypeError'],
  ['its name, if it has no cause', new SyntaxError('the token'), 'SyntaxError'],
  ['nothing, if it has no name', {}, 'unknown'],
  ['its type, if it is a text', 'the token', 'string'],
  ['its type, if it is null', null, 'object'],
])('the kind of an error is %s', (_, error, kind) => expect(kindOf(error)).toBe(kind))

it.each<[string, unknown, boolean]>([
  ['claims that cannot be used', new UnusableClaims('reserved_subject'), true],
  ['a token that has expired', withCode('ERR_JWT_EXPIRED'), true],
  ['an unknown key', withCode('ERR_JWKS_NO_MATCHING_KEY'), true],
  ['keys that cannot be read', withCode('ERR_JWKS_INVALID'), false],
  ['a code that only ends so', withCode('X_ERR_JWT_EXPIRED'), false],
  ['an error without a code', new Error('ERR_JWT_EXPIRED'), false],
  ['what is no error', { code: 'ERR_JWT_EXPIRED' }, false],
])('whether the token is at fault is right for %s', (_, error, isBad) => expect(isBadToken(error)).toBe(isBad))
