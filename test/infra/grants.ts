/**
 * The rights of each function, written by hand from the work of its routes, and not copied from `infra/functions.ts`.
 * A right that is not needed is a risk; a missing right makes requests fail. The words after the colon are actions on
 * the resource before it: actions of DynamoDB on a table or an index, methods of `@connections`, actions of SQS, and
 * the functions that it starts. Each function may write to its own log as well.
 */
export const grants: Record<string, readonly string[]> = {
  // Checks the token with the keys of the issuer. Of a user in very many groups it asks which of them any grant (by the
  // index) or category (by a query) names.
  authorizer: ['rooms: Query', 'rooms/byPrincipal: Query'],
  // Stores the connection (update). Beyond the limit of connections it closes the oldest: their sessions end, and their
  // ends are recorded. It saves the profile of the user, and reads
  // whether the user is suspended.
  connect: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'sessions/byUser: Query',
    'rooms: GetItem PutItem',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  // Ends the sessions of the connection and pushes to their rooms. It closes no connection.
  disconnect: ['sessions: DeleteItem GetItem Query UpdateItem', 'records: PutItem', 'connections: POST'],
  // Replies, closes a connection whose token has expired, and counts what its user spends, as every verb does.
  unknown: ['budgets: GetItem UpdateItem', 'connections: DELETE POST'],
  hello: ['budgets: GetItem UpdateItem', 'connections: DELETE POST'],
  // Reads the newest and the lowest kept position of logs, for callers with a session or the right to join.
  sync: [
    'sessions: GetItem',
    'rooms: BatchGetItem GetItem Query',
    'rooms/byPrincipal: Query',
    'messages: GetItem Query',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  // Creates a session (put), confirms it (update), and deletes it if the caller has lost the right.
  join: [
    'sessions: DeleteItem GetItem PutItem Query UpdateItem',
    'rooms: BatchGetItem GetItem Query',
    'messages: GetItem Query',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  leave: [
    'sessions: DeleteItem GetItem Query UpdateItem',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  // Appends to the log; ends the sessions of closed connections and records it.
  send: [
    'sessions: DeleteItem GetItem Query UpdateItem',
    'rooms: BatchGetItem GetItem Query',
    'messages: GetItem PutItem Query',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  // Reads the log, and records searches.
  history: [
    'sessions: GetItem',
    'rooms: BatchGetItem GetItem Query',
    'rooms/byPrincipal: Query',
    'messages: GetItem Query',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  participants: [
    'sessions: GetItem Query',
    'rooms: BatchGetItem GetItem Query',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  // Creates, changes, moves and deletes rooms with their names and grants; counts the rooms that a creator manages. The log of a new room has a first item.
  rooms: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'sessions/byUser: Query',
    'rooms/byPrincipal: Query',
    'rooms: BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem Query UpdateItem',
    'messages: PutItem',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
    'starts: review',
  ],
  // A change of a category may end sessions in all its rooms.
  categories: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'rooms: BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem Query UpdateItem',
    'rooms/byCategory: Query',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
    'starts: review',
  ],
  // Reads only.
  directory: [
    'sessions: BatchGetItem GetItem Query',
    'sessions/byUser: Query',
    'rooms: BatchGetItem Query',
    'rooms/byCategory: Query',
    'rooms/byPrincipal: Query',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  // Lists invitations with their rooms; reads a preference and raises its version; puts and deletes blocks.
  people: [
    'rooms: BatchGetItem DeleteItem GetItem PutItem Query UpdateItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  roles: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'sessions/byUser: Query',
    'rooms: BatchGetItem DeleteItem GetItem PutItem Query',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
    'starts: review',
  ],
  // The only function that changes messages, and that reads the record for somebody. For that of all rooms it reads which
  // categories there are, and their rooms. It reads rules and holds before a purge.
  moderation: [
    'sessions: DeleteItem GetItem Query UpdateItem',
    'rooms: BatchGetItem GetItem Query',
    'rooms/byCategory: Query',
    'messages: BatchGetItem BatchWriteItem GetItem PutItem Query UpdateItem',
    'records: PutItem Query',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
  ],
  // Closes the connections of a user, whose sessions end. A suspension is two items. A rule or a hold is for a room with
  // a log.
  administration: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'sessions/byUser: Query',
    'rooms: DeleteItem GetItem PutItem Query',
    'messages: Query',
    'records: PutItem',
    'budgets: GetItem UpdateItem',
    'connections: DELETE POST',
    'starts: jobs',
  ],
  // Once a day it raises the floor of rooms, deletes what is below it and records that. It keeps its progress. The record names
  // the rooms that were deleted. Of an erased user it revokes the grants and deletes the profile, the preferences and the
  // invitations; it appends to logs that the messages are removed, and changes them.
  jobs: [
    'rooms: BatchWriteItem DeleteItem GetItem PutItem Query',
    'rooms/byCategory: Query',
    'rooms/byPrincipal: Query',
    'messages: BatchWriteItem GetItem PutItem Query UpdateItem',
    'records: PutItem Query',
    'undelivered: SendMessage',
  ],
  // Reads the stream of the log, and starts workers for the messages of large rooms.
  broadcast: [
    'sessions: DeleteItem GetItem Query UpdateItem',
    'messages: Query',
    'messages/stream: DescribeStream GetRecords GetShardIterator ListStreams',
    'records: PutItem',
    'connections: POST',
    'starts: deliver',
    'undelivered: SendMessage',
  ],
  // Delivers to one part of a room. Its order contains the size of the room, so it needs no GetItem.
  deliver: [
    'sessions: DeleteItem Query UpdateItem',
    'messages: Query',
    'records: PutItem',
    'connections: POST',
    'undelivered: SendMessage',
  ],
  // Reviews sessions as the verbs do, and deletes the grants of a deleted room. A policy beside its role lets it start
  // itself.
  review: [
    'sessions: BatchGetItem DeleteItem GetItem Query UpdateItem',
    'rooms: BatchGetItem DeleteItem GetItem Query',
    'rooms/byCategory: Query',
    'records: PutItem',
    'connections: POST',
    'undelivered: SendMessage',
  ],
}
