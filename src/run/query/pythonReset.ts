import { randomBytes } from "node:crypto";

/** Code that resets the interpreter which runs it, and what the new one prints when it is ready. */
export interface PythonReset {
  readonly code: string;
  readonly mark: string;
}

/**
 * A fresh interpreter in the place of the one that runs this code. Jupyter's kernel starts itself anew in its own process, with
 * the environment and the folder that it began with: servers watch the process, and never start another. The new one
 * answers the run that asked for it, so that the run ends when it is ready and nothing can reach an interpreter that is about
 * to go. The local engine starts another interpreter when one ends; its process leads the group of its children.
 */
export function pythonReset(): PythonReset {
  const mark = `reset ${randomBytes(8).toString("hex")}`;
  const code = resetCode.replace("MARK", quoted(mark)).replace("SUCCESSOR", () => quoted(successorCode));
  return { code, mark };
}

/** A text of ours as a literal that Python and JSON share. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/**
 * What Jupyter's own restart does, from inside: its children end, no file but the console stays open, signals are heard again.
 * `ipykernel` sends the console through pipes of its own, which are of no use to the new process.
 */
const resetCode = `
def _backendai_reset(mark, successor):
    import json, os, signal, sys
    if "get_ipython" not in globals():
        print(mark, flush=True)
        if hasattr(os, "getpgrp") and os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(0)
    from ipykernel.connect import get_connection_file
    parent = json.dumps(get_ipython().get_parent()["header"], default=str)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        original = getattr(stream, "_original_stdstream_copy", None)
        if original is not None:
            os.dup2(original, stream._original_stdstream_fd)
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and int(name) != os.getpid() and os.getpgid(int(name)) == os.getpid():
                os.kill(int(name), signal.SIGKILL)
        except OSError:
            pass
    for name in os.listdir("/proc/self/fd"):
        try:
            if int(name) > 2:
                os.set_inheritable(int(name), False)
        except OSError:
            pass
    with open("/proc/self/environ", "rb") as file:
        environment = dict(entry.split(b"=", 1) for entry in file.read().split(b"\\0") if b"=" in entry)
    try:
        os.chdir(os.readlink("/proc/%d/cwd" % os.getppid()))
    except OSError:
        os.chdir(os.path.expanduser("~"))
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    options = ["-X" + (name if value is True else name + "=" + value) for name, value in sys._xoptions.items()]
    arguments = ["-c", successor, mark, parent, "-f", get_connection_file()]
    os.execve(sys.executable, [sys.executable, *options, *arguments], environment)
_backendai_reset(MARK, SUCCESSOR)
`;

/**
 * The new interpreter. The server's end needs a moment to connect again; what is told before is lost, and so is the run then.
 * So the end of the run is told a few times over a second, and only then is the next one taken.
 */
const successorCode = `
import json, sys, time
if sys.path[:1] == [""]:
    del sys.path[0]
import zmq
from ipykernel.kernelapp import IPKernelApp
mark, parent = sys.argv[1], json.loads(sys.argv[2])
app = IPKernelApp.instance()
app.initialize(sys.argv[3:])
sys.argv[1:3] = []
send = app.kernel.session.send
shell = zmq.Socket.shadow(app.shell_socket.underlying)
reply = {"status": "ok", "execution_count": 0, "user_expressions": {}, "payload": []}
for turn in range(5):
    time.sleep(0.25)
    if turn == 1:
        send(app.kernel.iopub_socket, "stream", {"name": "stdout", "text": mark}, parent=parent)
        send(shell, "execute_reply", reply, parent=parent, ident=[parent["session"].encode()])
    if turn > 0:
        send(app.kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=parent)
app.start()
`;
