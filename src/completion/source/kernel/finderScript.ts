/**
 * The first part of the helper: where the kernel of the session is. Every kernel of Jupyter, of whatever language, is started with
 * the name of its connection file, a JSON of ports and a key. The one that runs a session's queries is the child of Backend.AI's runner;
 * others belong to a Jupyter server or to somebody's console. `source`, the text of the script, is defined by who runs it.
 */
export const finderScript: string = String.raw`import json
import os
import sys
import time

if sys.path[:1] == [""]:
    del sys.path[0]  # modules of the person's folder are not ours

STARTING_SECONDS = 60


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read(1024 * 1024).decode(errors="replace")
    except OSError:
        return ""


def arguments_of(pid):
    return read("/proc/%s/cmdline" % pid).split("\0")


def stat_of(pid):
    """State, parent … of a process, from the third field on: the second is a name, and may be any."""
    return read("/proc/%s/stat" % pid).rpartition(")")[2].split()


def is_runner(pid):
    arguments = arguments_of(pid)
    return arguments[0] == "bai-krunner" or "ai.backend.kernel" in arguments and "-m" in arguments and "python" in arguments[0]


def connection_in(file):
    try:
        connection = json.loads(read(file))
        return connection if {"shell_port", "iopub_port", "ip", "transport"} <= set(connection) else None
    except (ValueError, TypeError):
        return None


class Kernel:
    def __init__(self, pid, file, connection):
        self.pid = int(pid)
        self.file = file
        self.connection = connection
        self.identity = self.look()
        name = arguments_of(pid)[0]
        self.python = name if name.startswith("/") else "/proc/%s/exe" % pid

    def look(self):
        """What changes when another kernel takes its place, also in the same process."""
        stat = stat_of(self.pid)
        return (stat[19], arguments_of(self.pid), read(self.file)) if len(stat) > 19 and stat[0] != "Z" else None

    def is_same(self):
        return self.look() == self.identity

    def is_alive(self):
        return self.look() is not None

    def looks_busy(self):
        """Whether its first thread does something else than waiting for messages; no wait is told of one that runs."""
        wait = read("/proc/%s/wchan" % self.pid)
        return stat_of(self.pid)[:1] == ["R"] or (wait not in ("", "0") and "poll" not in wait)


def processes():
    user = os.getuid()
    for pid in os.listdir("/proc"):
        try:
            if pid.isdigit() and os.stat("/proc/" + pid).st_uid == user:
                yield pid
        except OSError:
            pass


def find_kernel():
    for pid in processes():
        for argument in arguments_of(pid):
            if argument.endswith(".json"):
                name = argument.rpartition("=")[2]
                file = os.path.join("/proc/%s/cwd" % pid, name)
                connection = connection_in(file)
                if connection and is_of_runner(pid, argument):
                    return Kernel(pid, file, connection)
    return None


def is_of_runner(pid, argument):
    """A kernel may have been started by another program that passes the file's name on."""
    for _ in range(5):
        pid = (stat_of(pid) + ["0", "0"])[1]
        if is_runner(pid):
            return True
        if argument not in arguments_of(pid):
            return False
    return False


def why_no_kernel():
    uptime = float((read("/proc/uptime") or "0").split()[0])
    for pid in processes():
        stat = stat_of(pid)
        if is_runner(pid) and len(stat) > 19:
            age = uptime - int(stat[19]) / os.sysconf("SC_CLK_TCK")
            return "starting" if age < STARTING_SECONDS else "no-kernel"
    return "no-kernel"
`;
