/** Characters that move the cursor, change the reading direction or end a line, except the line feed. */
const control = /[^\P{Cc}\n]|[\u2028-\u202e\u2066-\u206f]/gu

/** In a name also invisible characters, the line feed, and colons and similar characters, which would end the name. */
const hiddenInName =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800:\u02d0\u0589\u05c3\u2236\ua789\ufe13\ufe55\uff1a]/gu

/** Characters that JSON lines escape in addition to those that JSON itself escapes. */
const unprintable = /[\u007f-\u009f]|[\p{Cf}\p{Zl}\p{Zp}]/gu

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

const units = (character: string): string =>
  [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')

/**
 * The lines of a text of another user, for a terminal. Line feeds and the line ends of Unicode separate lines, a tab
 * becomes a space, and other control characters and directional overrides are shown as `\u{1b}`.
 */
export const visibleLines = (text: string): string[] =>
  text
    .replace(/\r\n|[\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(control, escaped)
    .split('\n')

/** The same text on one line. */
export const visible = (text: string): string => visibleLines(text).join(' ')

/** A name of another user, on one line, with every invisible character and colon escaped. */
export const visibleName = (name: string): string => name.replace(hiddenInName, escaped)

/** A URL without its password and its query, which may contain a token. */
export const visibleUrl = (url: string): string =>
  visible(url.replace(/\/\/[^/?#]*@/, '//…@').replace(/\?[^#]*/s, '?…'))

/** JSON on one line, with an escape for every character that a terminal does not print. */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(unprintable, units)
