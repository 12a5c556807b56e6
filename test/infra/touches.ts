/**
 * The rights of each function, written by hand from the work of its routes and not from the table of routes. A right too
 * many is a risk, a right too few is a request that fails. Each word is an action on the place before the colon, mostly
 * one of DynamoDB on a table or an index.
 */
export const touches: Record<string, readonly string[]> = {
  // Looks at the header and asks the issuer: nothing of the chat.
  authorizer: [],
  // Opens the connection (update), ends the oldest of too many, whose sessions and records end with it; keeps a profile.
  connect: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'sessions/byUser: Query',
    'rooms: GetItem PutItem',
    'records: PutItem',
    'connections: DELETE POST',
  ],
  // Ends the connection's sessions and tells their rooms; it closes no connection.
  disconnect: ['sessions: DeleteItem GetItem Query UpdateItem', 'records: PutItem', 'connections: POST'],
  // Answers, and closes those whose token has ended, as every verb does.
  unknown: ['connections: DELETE POST'],
  hello: ['connections: DELETE POST'],
  // Heads and floors of logs, for those who have a session or the right to join.
  sync: ['sessions: GetItem', 'rooms: BatchGetItem GetItem', 'messages: GetItem Query', 'connections: DELETE POST'],
  // Begins a session (put), confirms it (update), takes it back where the right is gone (delete).
  join: [
    'sessions: DeleteItem GetItem PutItem Query UpdateItem',
    'rooms: BatchGetItem GetItem',
    'messages: GetItem Query',
    'records: PutItem',
    'connections: DELETE POST',
  ],
  leave: ['sessions: DeleteItem GetItem Query UpdateItem', 'records: PutItem', 'connections: DELETE POST'],
  // Appends; ends connections that turn out to be gone, with a line in the record.
  send: [
    'sessions: DeleteItem GetItem Query UpdateItem',
    'rooms: BatchGetItem GetItem',
    'messages: GetItem PutItem Query',
    'records: PutItem',
    'connections: DELETE POST',
  ],
  // Reads, and records searches.
  history: [
    'sessions: GetItem',
    'rooms: BatchGetItem GetItem',
    'messages: GetItem Query',
    'records: PutItem',
    'connections: DELETE POST',
  ],
  participants: ['sessions: GetItem Query', 'rooms: BatchGetItem GetItem', 'connections: DELETE POST'],
  // Makes, changes, moves and removes rooms, their names and grants; the log of a new room has a first item.
  rooms: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'sessions/byUser: Query',
    'rooms: BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem Query UpdateItem',
    'messages: PutItem',
    'records: PutItem',
    'connections: DELETE POST',
  ],
  // A category that changes may end sessions in all of its rooms.
  categories: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'rooms: BatchGetItem DeleteItem GetItem PutItem Query UpdateItem',
    'rooms/byCategory: Query',
    'records: PutItem',
    'connections: DELETE POST',
  ],
  // Only reads.
  directory: [
    'sessions: BatchGetItem GetItem Query',
    'sessions/byUser: Query',
    'rooms: BatchGetItem Query',
    'rooms/byCategory: Query',
    'rooms/byPrincipal: Query',
    'connections: DELETE POST',
  ],
  // Invitations are listed with their rooms; a preference is read and counted up.
  people: ['rooms: BatchGetItem GetItem Query UpdateItem', 'connections: DELETE POST'],
  roles: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'sessions/byUser: Query',
    'rooms: BatchGetItem DeleteItem GetItem PutItem Query',
    'records: PutItem',
    'connections: DELETE POST',
  ],
  // The one function that changes and deletes messages, and the one that reads the record.
  moderation: [
    'sessions: DeleteItem GetItem Query UpdateItem',
    'rooms: BatchGetItem GetItem',
    'messages: BatchGetItem BatchWriteItem GetItem PutItem Query UpdateItem',
    'records: PutItem Query',
    'connections: DELETE POST',
  ],
  // Reads the stream of the log, and passes messages of large rooms to its workers.
  broadcast: [
    'sessions: DeleteItem GetItem Query UpdateItem',
    'messages: Query',
    'messages/stream: DescribeStream GetRecords GetShardIterator ListStreams',
    'records: PutItem',
    'connections: POST',
    'starts: deliver',
    'undelivered: SendMessage',
  ],
  // Reaches one part of a room; it is told how large the room is, and need not look.
  deliver: [
    'sessions: DeleteItem Query UpdateItem',
    'messages: Query',
    'records: PutItem',
    'connections: POST',
    'undelivered: SendMessage',
  ],
}
