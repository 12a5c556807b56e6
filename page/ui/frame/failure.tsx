import type { ComponentChildren } from 'preact'

/** An error, shown next to the control that caused it. */
export function Failure({ children }: { children: ComponentChildren }) {
  return (
    <div role="alert" class="failure">
      {children}
    </div>
  )
}
