import { jsonLine, visible, visibleLines, visibleName } from '../../terminal/command/visible.ts'

describe('a text of another user', () => {
  test.each([
    ['a line feed', 'one\ntwo', ['one', 'two']],
    ['the line end of Windows', 'one\r\ntwo', ['one', 'two']],
    ['the line ends of Unicode', 'one\u2028two\u2029three\u0085four', ['one', 'two', 'three', 'four']],
    ['a carriage return', 'one\rtwo', ['one\\u{d}two']],
    ['an escape sequence', '\u001b[2J\u009b1A', ['\\u{1b}[2J\\u{9b}1A']],
    ['backspaces and DEL', 'a\b\u007f', ['a\\u{8}\\u{7f}']],
    ['vertical tab and form feed', 'a\v\fb', ['a\\u{b}\\u{c}b']],
    ['directional overrides and isolates', '\u202eab\u2066c\u2069', ['\\u{202e}ab\\u{2066}c\\u{2069}']],
    ['a tab', 'a\tb', ['a b']],
    ['letters of other scripts and emoji', 'Grüße 👩‍👩‍👧 ☕️ שלום', ['Grüße 👩‍👩‍👧 ☕️ שלום']],
  ])('with %s is split and escaped', (_, text, lines) => {
    expect(visibleLines(text)).toEqual(lines)
  })

  test('is joined where only one line is allowed', () => expect(visible('one\ntwo\r\nthree')).toBe('one two three'))
})

test.each([
  ['Boss: Hi', 'Boss\\u{3a} Hi'],
  ['Boss：Hi', 'Boss\\u{ff1a}Hi'],
  ['Boss∶ Hi', 'Boss\\u{2236} Hi'],
  ['Bossː Hi', 'Boss\\u{2d0} Hi'],
  ['Boss\n08', 'Boss\\u{a}08'],
  ['Bo\u200bss', 'Bo\\u{200b}ss'],
  ['Bo\u00adss\ufe0f', 'Bo\\u{ad}ss\\u{fe0f}'],
  ['\u202essoB', '\\u{202e}ssoB'],
  ['\u3164', '\\u{3164}'],
  ['Zoë O’Neill', 'Zoë O’Neill'],
])('the name %j is shown as %s', (name, shown) => expect(visibleName(name)).toBe(shown))

test('JSON is one line of printable characters with the same value', () => {
  const value = { text: 'a\n\u001b\u007f\u0085\u2028\u202e\u2066\u200b\u{e0041}ü☕' }
  const line = jsonLine(value)
  expect(line).toBe('{"text":"a\\n\\u001b\\u007f\\u0085\\u2028\\u202e\\u2066\\u200b\\udb40\\udc41ü☕"}')
  expect(JSON.parse(line)).toEqual(value)
})
