"""Frames of the worker protocol, as `src/workload/frame.ts` has them.

`u32le headerLength, u32le bodyLength, header (JSON), body`.
"""

import json
from struct import Struct

try:
    import _socket as socket  # the rest of `socket` takes longer than all of ours
except ImportError:
    import socket

PREFIX = Struct("<II")
MAX_HEADER_BYTES = 1 << 20
BUFFER_BYTES = 1 << 18

_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def connect(address):
    """Connects to `unix:PATH` or `tcp:PORT`."""
    kind, _, where = address.partition(":")
    if kind == "unix":
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connected.connect(where)
    else:
        connected = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connected.connect(("127.0.0.1", int(where)))
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(connected)


class Connection:
    """Reads frames, many at once, and gathers those to be written."""

    def __init__(self, connected):
        self._socket = connected
        self._buffer = bytearray(BUFFER_BYTES)
        self._start = 0
        self._end = 0
        self._pending = []

    def receive(self):
        """Waits for frames: `[(header, body)]`, or None once the front is gone.

        A body is a view that holds until the next call.
        """
        frames = []
        while not frames:
            if not self._read():
                return None
            self._take_frames(frames)
        return frames

    def append(self, header, parts=()):
        """Gathers a frame; says so if its header is longer than is allowed."""
        head = _encode(header).encode()
        if len(head) > MAX_HEADER_BYTES:
            return False
        self._pending.append(PREFIX.pack(len(head), sum(map(len, parts))))
        self._pending.append(head)
        self._pending.extend(parts)
        return True

    def flush(self):
        """Writes what was gathered."""
        if self._pending:
            gathered, self._pending = self._pending, []
            self._socket.sendall(b"".join(gathered))

    def close(self):
        self._socket.close()

    def _read(self):
        self._make_room()
        with memoryview(self._buffer) as view:
            count = self._socket.recv_into(view[self._end :])
        self._end += count
        return count > 0

    def _make_room(self):
        buffer, rest = self._buffer, self._end - self._start
        if rest == len(buffer):
            self._buffer = bytearray(2 * rest)
        elif rest == 0 and len(buffer) > BUFFER_BYTES:
            self._buffer = bytearray(BUFFER_BYTES)
        elif self._end < len(buffer) and rest > 0:
            return
        self._buffer[:rest] = buffer[self._start : self._end]
        self._start, self._end = 0, rest

    def _take_frames(self, frames):
        view = memoryview(self._buffer)
        while self._end - self._start >= PREFIX.size:
            header_length, body_length = PREFIX.unpack_from(view, self._start)
            start = self._start + PREFIX.size
            middle = start + header_length
            end = middle + body_length
            if end > self._end:
                return
            header = _decode(str(view[start:middle], "utf-8"))
            frames.append((header, view[middle:end]))
            self._start = end
