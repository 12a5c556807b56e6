/** The initials of a user on a colour that depends on the id. */
export function Avatar({ user, name }: { user: string; name: string }) {
  let hash = 0
  for (const letter of user) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0
  const initials = name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [...word][0]?.toUpperCase())
  const shown = [initials[0], initials.length > 1 ? initials.at(-1) : ''].join('')
  return (
    <span class="avatar" aria-hidden="true" style={{ '--hue': String((hash * 47) % 360) }}>
      {shown}
    </span>
  )
}
