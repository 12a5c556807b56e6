import { searchedText } from '../../lambdas/domain/log/body-text.ts'
import { isSameName } from '../../lambdas/domain/names.ts'
import { textMatcher } from '../../lambdas/domain/text-query.ts'

describe('names that are the same', () => {
  it.each([
    ['in another case', 'Lobby', 'LOBBY'],
    ['with a letter that has two capital letters', 'Straße', 'STRASSE'],
    ['with the capital ß', 'STRAẞE', 'Strasse'],
    ['with a final sigma', 'ΟΔΟΣ', 'οδος'],
    ['with both small sigmas', 'οδος', 'οδοσ'],
    ['with a ligature', 'ﬁsh', 'FISH'],
    ['in another width', 'Ｌｏｂｂｙ', 'Lobby'],
    ['with a combining grapheme joiner', 'Lob\u034fby', 'Lobby'],
    ['with a variation selector', 'Lobby\ufe0f', 'Lobby'],
    ['with a soft hyphen', 'Lob\u00adby', 'Lobby'],
    ['with a Mongolian vowel separator', 'Lob\u180eby', 'Lobby'],
    ['with a tag character', 'Lobby\u{e0041}', 'Lobby'],
    ['with a Hangul filler', 'Lob\u3164by', 'Lobby'],
    ['with other white space', ' Big \u00a0\n Lobby ', 'big lobby'],
    ['with a dotted capital I', 'İzmir', 'i\u0307zmir'],
  ])('%s', (_, one, other) => expect(isSameName(one, other)).toBe(true))

  it.each([
    ['a dotless ı', 'ısı', 'isi'],
    ['an accent', 'Café', 'Cafe'],
    ['a space', 'Lob by', 'Lobby'],
  ])('are not those that differ in %s', (_, one, other) => expect(isSameName(one, other)).toBe(false))
})

describe('a search without regard to case', () => {
  const finds = (text: string, candidate: string) => textMatcher({ text, match: 'phrase', matchCase: false })(candidate)

  it.each([
    ['strasse', 'Die Straße'],
    ['STRASSE', 'die straße'],
    ['ΟΔΌΣ', 'η οδός'],
    ['oﬀice', 'OFFICE'],
  ])('of %s finds %s', (text, candidate) => expect(finds(text, candidate)).toBe(true))

  it('with regard to case finds only the same case', () => {
    expect(textMatcher({ text: 'Straße', match: 'phrase', matchCase: true })('STRASSE')).toBe(false)
  })
})

describe('the text in which a message is found', () => {
  it('has the title and the text', () => {
    expect(searchedText({ title: 'News', text: 'of today' })).toBe('News\nof today')
    expect(searchedText({ text: 'of today' })).toBe('of today')
  })

  it('has what a reader of the rich form sees', () => {
    const rich = {
      contentType: 'text/html',
      body: '<p class="x">pass<b>word</b><!-- no --> &lt;1&#50;&#x33;&amp;&gt;</p>x',
    }
    expect(searchedText({ text: 'hello', rich })).toBe('hello\n\npassword  <123&>\nx')
  })

  it('has a rich form of another type as it is written, and not twice', () => {
    expect(searchedText({ text: 'a', rich: { contentType: 'text/markdown', body: '**b**' } })).toBe('a\n**b**')
    expect(searchedText({ text: 'a', rich: { contentType: 'text/markdown', body: 'a' } })).toBe('a')
  })

  it('keeps references that name no character', () => {
    const rich = { contentType: 'text/html', body: '&#0;&#9999999;&nothing;' }
    expect(searchedText({ text: 'a', rich })).toBe('a\n&#0;&#9999999;&nothing;')
  })
})
