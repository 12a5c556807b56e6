import type { ComponentChildren } from 'preact'

/** What went wrong, beside what caused it. */
export function Failure({ children }: { children: ComponentChildren }) {
  return (
    <div role="alert" class="failure">
      {children}
    </div>
  )
}
