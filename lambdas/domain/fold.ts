/**
 * Unicode's full case folding: texts that differ in case alone become the same text, also where one case has more
 * letters than the other (ß, ﬁ) or a letter has two small forms (σ, ς).
 */
export function foldCase(text: string): string {
  // The dotless ı is a letter of its own, although its capital is I.
  return text.split('ı').map(foldPart).join('ı')
}

// Small letters first, since some capitals (ẞ) have no other way to the same letters as their small form.
const foldPart = (text: string) => text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ')

/** Characters that leave no mark on the screen. */
const ignorable = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu

/** Compatibility form without characters that cannot be seen. */
export const visibleForm = (text: string): string => text.normalize('NFKC').replace(ignorable, '')
