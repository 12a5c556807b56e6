import { claimsOf, tokenEnd } from '../../client/token.ts'

const withClaims = (text: string) => `e30.${Buffer.from(text).toString('base64url')}.signature`

describe('the claims of a token', () => {
  it.each<[string, string, object | undefined]>([
    ['an end', withClaims('{"exp":7,"sub":"alice"}'), { exp: 7 }],
    ['an end at zero', withClaims('{"exp":0}'), { exp: 0 }],
    ['no end', withClaims('{"sub":"alice"}'), {}],
    ['an end that is no number', withClaims('{"exp":"7"}'), {}],
    ['an empty list', withClaims('[]'), {}],
    ['nothing', withClaims('null'), undefined],
    ['a number', withClaims('7'), undefined],
    ['a text', withClaims('"exp"'), undefined],
    ['no JSON', withClaims('{'), undefined],
    ['no base64', 'e30.{}.signature', undefined],
    ['one part', 'opaque', undefined],
    ['one part that is a number in base64', 'Nw==', undefined],
    ['an empty second part', 'e30..signature', undefined],
    ['no characters', '', undefined],
  ])('in one with %s', (_, token, claims) => {
    expect(claimsOf(token)).toEqual(claims)
  })

  it.each([
    [withClaims('{"exp":7}'), 7000],
    [withClaims('{"exp":0}'), 0],
    [withClaims('{}'), undefined],
    ['opaque', undefined],
  ])('of %s end at %p', (token, end) => expect(tokenEnd(token)).toBe(end))
})
