import type { Room } from '../../model/room.ts'
import { Icon } from '../frame/icon.tsx'

export type PanelName = 'search' | 'people' | 'settings'

interface Props {
  room: Room
  panel: PanelName | undefined
  onPanel(name: PanelName): void
  onLeave(): void
}

/** The name of the room, and the buttons of its panels. */
export function RoomHeader({ room, panel, onPanel, onLeave }: Props) {
  const { session } = room
  const details = session.room
  const labels = [
    details && details.privacy !== 'open' && details.privacy,
    details?.auditorium && 'auditorium',
    details?.disabled && 'disabled',
  ].filter(Boolean)
  return (
    <header class="room-header">
      <div class="room-title">
        <h1>{room.name}</h1>
        {labels.map((label) => (
          <span class="label" key={String(label)}>
            {label}
          </span>
        ))}
        <p class="secondary" title={details?.description}>
          {details?.description}
        </p>
      </div>
      <div class="room-actions">
        <PanelButton name="search" title="Search" panel={panel} onPanel={onPanel} />
        <PanelButton name="people" title={`People, ${session.participantCount} here`} panel={panel} onPanel={onPanel}>
          {session.participantCount}
        </PanelButton>
        <PanelButton name="settings" title="Room settings" panel={panel} onPanel={onPanel} />
        <button
          type="button"
          class="plain"
          aria-label="Leave the room"
          title="Leave the room"
          disabled={session.state === 'terminating'}
          onClick={onLeave}
        >
          <Icon name="leave" />
        </button>
      </div>
    </header>
  )
}

interface ButtonProps extends Pick<Props, 'panel' | 'onPanel'> {
  name: PanelName
  title: string
  children?: number
}

function PanelButton({ name, title, panel, onPanel, children }: ButtonProps) {
  return (
    <button
      type="button"
      class="plain"
      aria-pressed={panel === name}
      aria-label={title}
      title={title}
      onClick={() => onPanel(name)}
    >
      <Icon name={name} />
      {children !== undefined && <span aria-hidden="true">{children}</span>}
    </button>
  )
}
