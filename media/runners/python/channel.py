"""The runner's two ways out: the control channel (JSON lines) and the marked output streams.

Text goes through the process's own file descriptors 1 and 2, so what child processes print takes the same way. To keep
the order between the two streams and the control channel, an ordered event writes one marker into both streams and then
its line with the marker's number; the reader holds each stream at the marker until the line is there.
"""
import io
import json
import os
import sys
import threading

_MARK = "\x1e\x1fBAI:%s:%08x\x1f\x1e"


class Channel:
    """JSON lines over a file descriptor; safe from threads, from signals, and from forked children."""

    def __init__(self, fd):
        self._fd = fd
        os.set_inheritable(fd, False)
        # Private copies: a program may close or redirect 1 and 2, the markers still get through.
        self._streams = [os.dup(1), os.dup(2)]
        self._lock = threading.RLock()
        self._main = threading.get_ident()
        self._pid = os.getpid()
        self._rest = b""
        self._mark = 0
        self._token = ""
        self._depth = 0
        self._pending_interrupt = False
        self._last = None
        os.register_at_fork(before=flush_streams)
        sys.addaudithook(self._audit)

    def start(self, token):
        self._token = token

    # -- receiving

    def receive(self):
        """The next message, or None when the engine has gone."""
        while b"\n" not in self._rest:
            chunk = os.read(self._fd, 65536)
            if not chunk:
                return None
            self._rest += chunk
        line, self._rest = self._rest.split(b"\n", 1)
        return json.loads(line.decode("utf-8"))

    # -- sending

    def send(self, message):
        """Sends a message that has no place in the order of the output."""
        with self._critical():
            self._write(self._fd, (json.dumps(message) + "\n").encode("ascii"))

    def send_ordered(self, message):
        """Sends a message after everything that was printed before it."""
        if not self.is_owner():
            return
        flush_streams()
        with self._critical():
            self._mark = (self._mark + 1) & 0xFFFFFFFF
            marker = (_MARK % (self._token, self._mark)).encode("ascii")
            for stream in self._streams:
                self._write(stream, marker)
            self._write(self._fd, (json.dumps(dict(message, mark=self._mark)) + "\n").encode("ascii"))
            self._last = None

    def before_write(self, stream):
        """Called before a stream is written to: keeps the order when the program changes from one to the other."""
        if self._last is not stream and self._last is not None:
            self.send_ordered({"op": "sync"})
        self._last = stream

    def is_owner(self):
        """Whether this is the runner's process and not a fork of it."""
        return os.getpid() == self._pid

    # -- interrupts

    def may_interrupt(self):
        """Whether an interrupt may be raised at this point; otherwise it is raised when the message is out."""
        if self._depth > 0:
            self._pending_interrupt = True
            return False
        return True

    def _critical(self):
        return _Critical(self)

    def _audit(self, event, _args):
        # What a child process prints comes without a call of before_write.
        if event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.fork") and self._last is not None:
            self.send_ordered({"op": "sync"})

    @staticmethod
    def _write(fd, data):
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]


class _Critical:
    """Holds the channel's lock, and holds back a KeyboardInterrupt of the main thread."""

    def __init__(self, channel):
        self._channel = channel

    def __enter__(self):
        channel = self._channel
        if threading.get_ident() == channel._main:
            channel._depth += 1
        channel._lock.acquire()

    def __exit__(self, *_):
        channel = self._channel
        channel._lock.release()
        if threading.get_ident() == channel._main:
            channel._depth -= 1
            if channel._depth == 0 and channel._pending_interrupt:
                channel._pending_interrupt = False
                raise KeyboardInterrupt


class OutputStream(io.TextIOWrapper):
    """`sys.stdout` or `sys.stderr`: nothing stays in a buffer, so a dying process loses nothing."""

    def __init__(self, fd, name, channel):
        raw = io.FileIO(fd, "w", closefd=False)
        super().__init__(io.BufferedWriter(raw, 65536), encoding="utf-8", errors="backslashreplace", newline="\n")
        self.mode = "w"
        self._channel = channel
        self._label = name

    @property
    def name(self):
        return "<%s>" % self._label

    def write(self, text):
        self._channel.before_write(self._label)
        count = super().write(text)
        self.flush()
        return count


def flush_streams():
    """Flushes both streams, whatever a program has put in their places."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # a program's own or closed stream: nothing of ours is lost
            pass
