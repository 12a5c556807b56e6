"""A short client of Persistent Chat: it follows one room and loses no message, whatever happens to the connection.

    pip install websocket-client        (Debian: apt install python3-websocket)
    python3 client.py ws://127.0.0.1:<port>/chat <token> <room name>

It sends each line of the standard input, and prints each message of the room once, in order. See docs/protocol.md.
"""

import json
import queue
import random
import sys
import threading
import time
import uuid

import websocket


class Refused(Exception):
    def __init__(self, code, message, retryable, retryAfterMs=500, **_):
        super().__init__(f"{code}: {message}")
        self.code, self.retryable, self.wait = code, retryable, retryAfterMs / 1000


class Stopped(Exception):
    """The connection was closed, and reconnecting would close another one or be refused."""

    reasons = {
        "replaced": "The connection was replaced by newer ones of the same user. Start again to come back.",
        "suspended": "An administrator has suspended the user.",
    }


# The connection has ended, or the server has not answered a request.
connection_errors = (OSError, websocket.WebSocketException)


def fail(reason):
    raise websocket.WebSocketConnectionClosedException(reason)


class Room:
    """Follows one room. To resume later, a program has to store `room_id`, `epoch` and `last`."""

    def __init__(self, url, token, name, show):
        self.url, self.name, self.show = url, name, show
        # The server refuses origins that are not allowed. Only web pages need to send one.
        self.options = {"subprotocols": ["chat.v1", f"bearer.{token}"], "suppress_origin": True}
        self.socket, self.room_id, self.epoch, self.last = None, None, None, 0
        self.pushes, self.sending = [], set()  # `sending`: ids of messages that are not stored yet

    def connect(self):
        """Connects and joins, and tries again after failures. The messages of the reply follow the last one."""
        for attempt in range(100):
            try:
                _ = self.socket and self.socket.shutdown()
                self.socket, self.pushes = websocket.create_connection(self.url, 30, **self.options), []
                where = {"roomId": self.room_id} if self.room_id else {"roomName": self.name}
                resumed = self.epoch is not None
                reply = self.request("join", **where, **({"after": self.last} if resumed else {}))
                if resumed and self.epoch != reply["epoch"]:  # A backup was restored: positions have changed.
                    resumed, reply = False, self.request("join", **where)
                if not resumed:  # Start with the newest messages.
                    self.last = reply["messages"][0]["seq"] - 1 if reply["messages"] else reply["head"]
                self.room_id, self.epoch = reply["room"]["roomId"], reply["epoch"]
                return self.apply(reply["messages"], reply["head"])
            except Refused as refusal:
                if refusal.code == "resync_required":  # The last message was purged.
                    self.epoch = None
                elif not refusal.retryable:
                    raise
                time.sleep(refusal.wait)
            except connection_errors as error:
                if getattr(error, "status_code", None) in (401, 403):
                    raise
                time.sleep(random.uniform(0, min(30, 0.2 * 2**attempt)))
        fail("The server cannot be reached.")

    def receive(self, seconds):
        """The next frame, or None if there is none within this time."""
        self.socket.settimeout(max(0.01, seconds))
        try:
            frame = json.loads(self.socket.recv() or "null") or fail("The connection was closed.")
        except websocket.WebSocketTimeoutException:
            return None
        if frame.get("type") == "goaway" and frame["reason"] in Stopped.reasons:
            raise Stopped(Stopped.reasons[frame["reason"]])
        return frame

    def request(self, action, **fields):
        """Sends a request and returns its reply. Pushes that arrive before the reply are kept for later."""
        request_id = str(uuid.uuid4())
        self.socket.send(json.dumps({"action": action, "id": request_id, **fields}))
        while (frame := self.receive(30)) is None or frame.get("id") != request_id:
            if frame is None or "type" not in frame:  # No answer, or an error of the gateway itself.
                fail("The server did not answer the request.")
            self.pushes.append(frame)
        if not frame["ok"]:
            raise Refused(**frame["error"])
        return frame

    def apply(self, messages, head=0):
        """Shows the next message, drops known ones, and reads missing ones from the history."""
        for message in messages:
            if message["seq"] == self.last + 1:
                self.last = message["seq"]
                self.sending.discard(message.get("clientMessageId"))
                self.show(message)
            head = max(head, message["seq"])
        while self.last < head:
            page = self.request("history", roomId=self.room_id, after=self.last, limit=200)
            self.apply(page["messages"])
            head = page["head"] if page["messages"] else self.last

    def listen(self, seconds):
        """Applies pushes for this time. Connects again if the connection is lost."""
        until = time.monotonic() + seconds
        while self.pushes or time.monotonic() < until:
            try:
                push = self.pushes.pop(0) if self.pushes else self.receive(until - time.monotonic())
                if push and push.get("roomId", self.room_id) == self.room_id:
                    if push.get("type") in ("message", "messages"):
                        self.apply(push.get("messages", [push]))
                    elif push.get("type") in ("goaway", "kicked"):
                        fail(push["reason"])
            except (Refused, *connection_errors):
                self.connect()

    def send(self, text):
        """Sends a message. It is stored once, since every try has the same id and the same `after`."""
        message_id, after = str(uuid.uuid4()), self.last
        self.sending.add(message_id)
        while message_id in self.sending:
            try:
                reply = self.request("send", roomId=self.room_id, text=text, clientMessageId=message_id, after=after)
                self.sending.discard(message_id)
                self.apply([reply["message"]])
            except connection_errors:
                self.connect()
            except Refused as refusal:
                if refusal.code not in ("not_joined", "resync_required") and not refusal.retryable:
                    raise
                time.sleep(refusal.wait)
                if refusal.code == "rate_limited":  # The message may be sent again unchanged.
                    continue
                self.connect()  # Reads all newer messages. If an earlier try was stored, it is among them.
                after = self.last if refusal.code == "resync_required" else after


def show(message):
    """Prints a message. Entries without `from` are removals, or of a kind that this client does not know."""
    if "from" in message:
        print(f"{message['from']['name']}: {message.get('text', '(removed)')}", flush=True)


if __name__ == "__main__":
    room, lines, line = Room(*sys.argv[1:4], show), queue.Queue(), ""
    threading.Thread(target=lambda: [*map(lines.put, sys.stdin), lines.put(None)], daemon=True).start()
    try:
        room.connect()
        while line is not None:
            if line.strip():
                room.send(line.strip())
            room.listen(0.2)
            line = "" if lines.empty() else lines.get()
    except Stopped as stopped:
        sys.exit(str(stopped))
