"""A client of Persistent Chat in its shortest form: one room, whole, whatever becomes of the connection.

    pip install websocket-client        (Debian: apt install python3-websocket)
    python3 client.py ws://127.0.0.1:<port>/chat <token> <room name>

Each line of the standard input is said in the room; each message is printed once, in order. docs/protocol.md has the rest.
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


class Replaced(Exception):
    """The user has more connections than are allowed, and this was the oldest: to come back would put out the next."""


# The connection has ended, or nobody knows what became of the request.
broken = (OSError, websocket.WebSocketException)


def cut(why):
    raise websocket.WebSocketConnectionClosedException(why)


class Room:
    """Follows one room. `room_id`, `epoch` and `last` are all that has to be kept in order to resume."""

    def __init__(self, url, token, name, show):
        self.url, self.name, self.show = url, name, show
        # Only pages have an origin, and those that were not allowed are refused.
        self.options = {"subprotocols": ["chat.v1", f"bearer.{token}"], "suppress_origin": True}
        self.socket, self.room_id, self.epoch, self.last = None, None, None, 0
        self.pushes, self.own = [], set()  # `own`: ids of what is being said

    def connect(self):
        """Connects and joins until it succeeds. The reply begins where the last message ended."""
        for attempt in range(100):
            try:
                _ = self.socket and self.socket.shutdown()
                self.socket, self.pushes = websocket.create_connection(self.url, 30, **self.options), []
                where = {"roomId": self.room_id} if self.room_id else {"roomName": self.name}
                resumed = self.epoch is not None
                reply = self.request("join", **where, **({"after": self.last} if resumed else {}))
                if resumed and self.epoch != reply["epoch"]:  # A backup was restored: what was seen does not count.
                    resumed, reply = False, self.request("join", **where)
                if not resumed:  # The newest are enough to begin with.
                    self.last = reply["messages"][0]["seq"] - 1 if reply["messages"] else reply["head"]
                self.room_id, self.epoch = reply["room"]["roomId"], reply["epoch"]
                return self.apply(reply["messages"], reply["head"])
            except Refused as refusal:
                if refusal.code == "resync_required":  # What was seen last is not kept any more.
                    self.epoch = None
                elif not refusal.retryable:
                    raise
                time.sleep(refusal.wait)
            except broken as error:
                if getattr(error, "status_code", None) in (401, 403):
                    raise
                time.sleep(random.uniform(0, min(30, 0.2 * 2**attempt)))
        cut("The server cannot be reached.")

    def receive(self, seconds):
        """The next frame; nothing when none comes in time."""
        self.socket.settimeout(max(0.01, seconds))
        try:
            frame = json.loads(self.socket.recv() or "null") or cut("The connection was closed.")
        except websocket.WebSocketTimeoutException:
            return None
        if frame.get("type") == "goaway" and frame["reason"] == "replaced":
            raise Replaced("The connection was replaced by newer ones of the same user. Start again to come back.")
        return frame

    def request(self, action, **fields):
        """The reply to a request. Pushes that come meanwhile are kept for later."""
        mine = str(uuid.uuid4())
        self.socket.send(json.dumps({"action": action, "id": mine, **fields}))
        while (frame := self.receive(30)) is None or frame.get("id") != mine:
            if frame is None or "type" not in frame:  # Silence, or the gateway's own words.
                cut("Nobody knows what became of the request.")
            self.pushes.append(frame)
        if not frame["ok"]:
            raise Refused(**frame["error"])
        return frame

    def apply(self, messages, head=0):
        """The one rule: the next is shown, what was seen is dropped, and a gap is read from the history."""
        for message in messages:
            if message["seq"] == self.last + 1:
                self.last = message["seq"]
                self.own.discard(message.get("clientMessageId"))
                self.show(message)
            head = max(head, message["seq"])
        while self.last < head:
            page = self.request("history", roomId=self.room_id, after=self.last, limit=200)
            self.apply(page["messages"])
            head = page["head"] if page["messages"] else self.last

    def listen(self, seconds):
        """Takes in what is pushed for so long, and comes back from every cut."""
        until = time.monotonic() + seconds
        while self.pushes or time.monotonic() < until:
            try:
                push = self.pushes.pop(0) if self.pushes else self.receive(until - time.monotonic())
                if push and push.get("roomId", self.room_id) == self.room_id:
                    if push.get("type") in ("message", "messages"):
                        self.apply(push.get("messages", [push]))
                    elif push.get("type") in ("goaway", "kicked"):
                        cut(push["reason"])
            except (Refused, *broken):
                self.connect()

    def say(self, text):
        """Stored once, however often it is tried: the id and `after` are the same on every try."""
        mine, after = str(uuid.uuid4()), self.last
        self.own.add(mine)
        while mine in self.own:
            try:
                reply = self.request("send", roomId=self.room_id, text=text, clientMessageId=mine, after=after)
                self.own.discard(mine)
                self.apply([reply["message"]])
            except broken:
                self.connect()
            except Refused as refusal:
                if refusal.code not in ("not_joined", "resync_required") and not refusal.retryable:
                    raise
                time.sleep(refusal.wait)
                if refusal.code == "rate_limited":  # Nothing is wrong but the haste.
                    continue
                self.connect()  # Reads on: had an earlier try been stored, it would be seen by now.
                after = self.last if refusal.code == "resync_required" else after


def show(message):
    """An entry without `from` is not shown: it is a removal, or of a kind that came later."""
    if "from" in message:
        print(f"{message['from']['name']}: {message.get('text', '(removed)')}", flush=True)


if __name__ == "__main__":
    room, lines, line = Room(*sys.argv[1:4], show), queue.Queue(), ""
    threading.Thread(target=lambda: [*map(lines.put, sys.stdin), lines.put(None)], daemon=True).start()
    try:
        room.connect()
        while line is not None:
            if line.strip():
                room.say(line.strip())
            room.listen(0.2)
            line = "" if lines.empty() else lines.get()
    except Replaced as why:
        sys.exit(str(why))
