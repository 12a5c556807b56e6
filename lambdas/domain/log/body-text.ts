import type { MessageBody } from './entry.ts'

/** The text in which a message is found: its title, its text, and what a reader of its rich form sees besides. */
export function searchedText({ title, text, rich }: MessageBody): string {
  const readable = rich && richText(rich)
  return [title, text, readable === text ? undefined : readable].filter((part) => part !== undefined).join('\n')
}

/** The plain reading of a rich text. Markdown and all other types are read as they are written. */
function richText({ contentType, body }: NonNullable<MessageBody['rich']>): string {
  if (!/^(text\/html|application\/xhtml\+xml)$/i.test(contentType)) return body
  return body
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<\/?(?:br|p|div|li|tr|td|th|h[1-6]|blockquote|pre)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi, decodeReference)
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decodeReference(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return named[name.toLowerCase()] ?? whole
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
}
