/*
 * What a client shows of texts that other people chose: names and links. A name may look like the name of another person,
 * and the text of a link like the address of another site.
 */

/** Characters that leave no mark, that reverse the reading direction, or that move the cursor. */
const hidden = /[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb\p{Zl}\p{Zp}]/gu

/** A name or the text of a link on one line, without invisible characters and directional overrides. */
export const displayedText = (text: string): string => text.replace(hidden, '')

/** Names that look the same on the screen become the same text. */
const looksLike = (name: string): string =>
  displayedText(name.normalize('NFKC')).toLowerCase().toUpperCase().trim().replace(/\s+/gu, ' ')

/** The names that people of a room have or had, to find those that are not unique. */
export class KnownNames {
  readonly #users = new Map<string, Set<string>>()

  /** Adds a person whose name is shown. */
  add({ user, name }: { user: string; name: string }): this {
    const form = looksLike(name)
    const users = this.#users.get(form)
    if (users) users.add(user)
    else this.#users.set(form, new Set([user]))
    return this
  }

  /**
   * The user id that belongs beside this name: if another known person has a name that looks the same, or if the name has
   * a bracket, with which it could imitate a name with an id beside it. Otherwise undefined.
   */
  idBeside({ user, name }: { user: string; name: string }): string | undefined {
    const form = looksLike(name)
    const users = this.#users.get(form)
    const isShared = users !== undefined && (users.size > 1 || !users.has(user))
    return isShared || /\p{Ps}/u.test(form) ? user : undefined
  }
}

/** Words with a dot inside, as addresses have them. */
const addressLike = /[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu

/**
 * The host to which a link leads, unless the text of the link names this host and no other; otherwise undefined. Words
 * get it as well, because two links side by side may look like one address. An international name is in its ASCII form
 * (`xn--…`), in which similar letters differ.
 */
export function hostBeside({ text, href }: { text: string; href: string }): string | undefined {
  const host = hostOf(href)
  if (host === undefined) return undefined
  const named = displayedText(text.normalize('NFKC')).replaceAll('。', '.').match(addressLike) ?? []
  const isOther = named.some((name) => withoutWww(hostOf(`http://${name}`) ?? name) !== withoutWww(host))
  return named.length === 0 || isOther || /(^|\.)xn--/.test(host) ? host : undefined
}

const withoutWww = (host: string): string => host.replace(/^www\./, '')

/** The host of a web or mail address, without its port. */
function hostOf(href: string): string | undefined {
  const address = /^mailto:/i.test(href) ? `http://${/@([^@?,]+)/.exec(href)?.[1] ?? ''}` : href
  return URL.canParse(address) ? new URL(address).hostname : undefined
}
