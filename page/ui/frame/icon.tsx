/** Paths of strokes on a canvas of 24 by 24. */
const paths = {
  menu: 'M4 6h16M4 12h16M4 18h16',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  compass: 'M12 3a9 9 0 100 18 9 9 0 000-18zM15.5 8.5l-2 5-5 2 2-5z',
  search: 'M11 4a7 7 0 100 14 7 7 0 000-14zM16 16l4 4',
  people:
    'M9 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM3 20c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M16 5.5a3.5 3.5 0 010 6.5M17.5 14.8c2.1.6 3.5 2.5 3.5 5.2',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4',
  leave: 'M14 4H6v16h8M11 12h10M17 8l4 4-4 4',
  signOut: 'M12 4v8M7.5 6.6a7.5 7.5 0 109 0',
  send: 'M4 12l16-8-5 16-3.5-6.5zM11.5 13.5L20 4',
  alert: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  story: 'M6 3h9l4 4v14H6zM9 11h7M9 15h7M9 7h3',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3',
  clock: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2',
} as const

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
