import { displayedText, hostBeside, KnownNames } from '../../client/displayed.ts'

describe('the id beside a name', () => {
  const alice = { user: 'u1', name: 'Alice' }

  test('is missing while the name is unique', () => {
    const names = new KnownNames().add(alice).add({ user: 'u2', name: 'Bob' }).add(alice)
    expect(names.idBeside(alice)).toBeUndefined()
  })

  test.each([
    ['the same letters', 'Alice'],
    ['capitals', 'ALICE'],
    ['wide letters', 'Ａｌｉｃｅ'],
    ['an invisible character', 'Al\u200bice'],
    ['a directional override', '\u202eAlice'],
    ['spaces around it', '  Alice '],
  ])('is shown for both people if another has %s', (_, name) => {
    const other = { user: 'u2', name }
    const names = new KnownNames().add(alice).add(other)
    expect(names.idBeside(alice)).toBe('u1')
    expect(names.idBeside(other)).toBe('u2')
  })

  test.each([
    ['Anna Maria', 'Anna  Maria', true],
    ['Anna Maria', 'AnnaMaria', false],
    ['Groß', 'GROSS', true],
    ['Anna', 'Hanna', false],
  ])('of "%s" is shown if another is called "%s": %p', (name, other, isShown) => {
    const names = new KnownNames().add({ user: 'u1', name }).add({ user: 'u2', name: other })
    expect(names.idBeside({ user: 'u1', name })).toBe(isShown ? 'u1' : undefined)
  })

  test('is missing of a person who is not known, with a name that nobody has', () => {
    expect(new KnownNames().add(alice).idBeside({ user: 'u2', name: 'Bob' })).toBeUndefined()
  })

  test('is shown for a person whose name is known of another alone', () => {
    expect(new KnownNames().add(alice).idBeside({ user: 'u2', name: 'Alice' })).toBe('u2')
  })

  test('is shown beside a name that has a bracket and could imitate an id', () => {
    const imitator = { user: 'u9', name: 'Alice (u1)' }
    expect(new KnownNames().add(imitator).idBeside(imitator)).toBe('u9')
  })

  test('is shown beside the former name of a person if another has that name now', () => {
    const names = new KnownNames().add(alice).add({ user: 'u1', name: 'Alicia' }).add({ user: 'u2', name: 'alice' })
    expect(names.idBeside(alice)).toBe('u1')
    expect(names.idBeside({ user: 'u1', name: 'Alicia' })).toBeUndefined()
  })
})

describe('the host beside a link', () => {
  test.each([
    ['bank.example', 'https://evil.example/login', 'evil.example'],
    ['https://bank.example/', 'https://evil.example/', 'evil.example'],
    ['https://bank.example@evil.example/', 'https://bank.example@evil.example/', 'evil.example'],
    ['Go to bank.example now', 'https://evil.example:8443/', 'evil.example'],
    ['bank\u200b.example', 'https://evil.example/', 'evil.example'],
    ['ｂａｎｋ．example', 'https://evil.example/', 'evil.example'],
    ['bank。example', 'https://evil.example/', 'evil.example'],
    ['boss@bank.example', 'mailto:boss@evil.example', 'evil.example'],
    ['bank.example', 'https://bank.example.evil.example/', 'bank.example.evil.example'],
    ['bank.example', 'https://bank.www.example/', 'bank.www.example'],
    ['the minutes', 'https://evil.example/', 'evil.example'],
    ['paypal', 'https://evil.example/', 'evil.example'],
    ['.example', 'https://evil.example/', 'evil.example'],
    ['bank.example', 'https://evil.example/?mailto:a@bank.example', 'evil.example'],
    ['bаnk.example', 'https://bаnk.example/', 'xn--bnk-6cd.example'],
  ])('of "%s" that leads to %s is %s', (text, href, host) => {
    expect(hostBeside({ text, href })).toBe(host)
  })

  test.each([
    ['bank.example', 'https://bank.example/login'],
    ['www.bank.example', 'https://bank.example/'],
    ['bank.example', 'https://www.bank.example/'],
    ['BANK.example', 'https://bank.example/'],
    ['https://bank.example:8443/a?b=c#d', 'https://bank.example:8443/a?b=c#d'],
    ['boss@bank.example', 'mailto:boss@bank.example?subject=Hello'],
    ['bank.example', 'https://'],
    ['bank.example', 'mailto:nobody'],
  ])('of "%s" that leads to %s is not shown', (text, href) => {
    expect(hostBeside({ text, href })).toBeUndefined()
  })
})

test('a displayed text has no character that cannot be seen, and no line end', () => {
  expect(displayedText('a\u202eb\u2066c\u200dd\nf\u0000g')).toBe('abcdfg')
})
