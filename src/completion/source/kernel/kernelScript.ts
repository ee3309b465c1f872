import { finderScript } from "./finderScript.js";
import { warmUpScript } from "./warmUpScript.js";

/**
 * What runs in the session: it talks to Jupyter's kernel over ZeroMQ as any client of Jupyter does, and to us in lines of JSON on
 * its input and output. Nothing is written to a disk. It needs Python 3.6 and pyzmq.
 *
 * First it says `{"hello": {"pid": 82}}`, or `{"none": reason}` and ends. Then it reads
 *
 *     {"id": 1, "ask": "complete", "code": "os.pa", "at": 5}      at: the cursor, in code points
 *     {"id": 2, "ask": "inspect", "code": "os.path", "at": 7}
 *     {"cancel": 1}
 *
 * and answers each question but those that were cancelled:
 *
 *     {"id": 1, "total": 9, "matches": [["path", 3, 5, "module", ""], …]}     text, start, end, type, signature
 *     {"id": 2, "text": "…"}                                  `null`: nothing is known of it
 *     {"id": 1, "busy": true}      somebody's code runs: the kernel was asked nothing
 *     {"id": 1, "full": true}      who reads the kernel's messages for the server is far behind: see `is_behind`
 *     {"id": 1, "gone": true}      there is no kernel any more
 *     {"id": 1, "error": "…"}      the kernel could not answer
 *
 * The kernel has one question at a time: what comes meanwhile waits here, where it can be taken back. At first it may warm up
 * what Python's completion reads, and says `busy` meanwhile.
 */
export const kernelScript: string = String.raw`${finderScript}
import hashlib
import hmac
import subprocess
import uuid

WARM_UP = r"""${warmUpScript}"""
WARM_UP_SECONDS = 20
WARM_FILES = 10

MOST_MATCHES = 500
MOST_TEXT = 64 * 1024
MOST_WAITING = 8
MOST_INPUT = 1024 * 1024
SILENT_SECONDS = 5  # without an answer for so long, the connection is made anew
LONELY_SECONDS = 900  # without a question for so long, this program ends
MOST_BEHIND = 32 * 1024
RUNS = ("execute_request", "comm_msg")


def say(line):
    data = (json.dumps(line) + "\n").encode()
    while data:
        data = data[os.write(1, data):]


def spare_me():
    """When memory is short, this program goes before the person's."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass


def is_warm():
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "jedi")
    return any(len(files) > WARM_FILES for _, _, files in os.walk(cache))


def is_behind(port):
    """Whether somebody has not read what the kernel publishes. The server's end reads during its own runs alone, and every question
    leaves it two messages. What it can't hold is thrown away, the end of the next run as well."""
    for table in ("tcp", "tcp6"):
        for row in read("/proc/net/" + table).splitlines()[1:]:
            fields = row.split()
            if fields[2].endswith(":%04X" % port) and int(fields[4].split(":")[1], 16) > MOST_BEHIND:
                return True
    return False


class Link:
    """A connection to one kernel."""

    def __init__(self, kernel):
        self.kernel = kernel
        self.key = kernel.connection.get("key", "").encode()
        self.digest = getattr(hashlib, kernel.connection.get("signature_scheme", "hmac-sha256").split("-")[-1])
        self.session = uuid.uuid4().hex
        self.shell = self.connect(zmq.DEALER, "shell_port")
        self.iopub = self.connect(zmq.SUB, "iopub_port")
        for topic in (b"kernel", b"status", b"<IDS|MSG>"):  # not the output of programs
            self.iopub.setsockopt(zmq.SUBSCRIBE, topic)
        self.runs = set()
        self.is_heard = False  # whether anything was published since, so that the begin of a run can't be missed
        self.asked = None  # the message that the kernel has to answer, and when it was sent

    def connect(self, kind, port):
        connection = self.kernel.connection
        socket = zmq.Context.instance().socket(kind)
        socket.linger = 0
        separator = ":" if connection["transport"] == "tcp" else "-"
        socket.connect("%s://%s%s%s" % (connection["transport"], connection["ip"], separator, connection[port]))
        return socket

    def close(self):
        self.shell.close()
        self.iopub.close()

    def sign(self, parts):
        if not self.key:
            return b""
        mac = hmac.new(self.key, digestmod=self.digest)
        for part in parts:
            mac.update(part)
        return mac.hexdigest().encode()

    def send(self, kind, content):
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.session, "username": "completion",
                  "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "version": "5.3"}
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        self.shell.send_multipart([b"<IDS|MSG>", self.sign(parts)] + parts)
        self.asked = (header["msg_id"], time.monotonic())

    def messages(self, socket):
        """Type, parent's header and content of what has come."""
        while True:
            try:
                parts = socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            try:
                begin = parts.index(b"<IDS|MSG>")
                signature, body = parts[begin + 1], parts[begin + 2:begin + 6]
                if hmac.compare_digest(signature, self.sign(body)):
                    header, parent, _, content = [json.loads(part.decode()) for part in body]
                    yield header["msg_type"], parent, content
            except (ValueError, KeyError, IndexError):
                pass  # not for us

    def hear(self):
        for kind, parent, content in self.messages(self.iopub):
            self.is_heard = True
            if kind == "status" and parent.get("msg_type") in RUNS:
                if content.get("execution_state") == "busy":
                    self.runs.add(parent["msg_id"])
                else:
                    self.runs.discard(parent["msg_id"])

    def is_busy(self):
        return bool(self.runs) or (not self.is_heard and self.kernel.looks_busy())


class Helper:
    def __init__(self, link):
        self.link = link
        self.current = None  # the question that the kernel has
        self.waiting = []
        self.input = b""
        self.is_over = False
        self.warm_up = None
        if "python" in os.path.basename(link.kernel.python) and not is_warm():
            none = subprocess.DEVNULL
            self.warm_up = subprocess.Popen([link.kernel.python, "-c", WARM_UP], stdin=none, stdout=none, stderr=none)
            self.warm_up_end = time.monotonic() + WARM_UP_SECONDS

    def is_warming_up(self):
        if self.warm_up and (self.warm_up.poll() is not None or time.monotonic() > self.warm_up_end):
            self.end_warm_up()
        return self.warm_up is not None

    def end_warm_up(self):
        if self.warm_up:
            self.warm_up.kill()
            self.warm_up.wait()
            self.warm_up = None

    def serve(self):
        heard = time.monotonic()
        while not self.is_over and time.monotonic() - heard < LONELY_SECONDS:
            poller = zmq.Poller()
            for socket in (0, self.link.shell, self.link.iopub):
                poller.register(socket, zmq.POLLIN)
            ready = dict(poller.poll(1000))
            self.link.hear()
            if self.link.shell in ready:
                self.take_answers()
            if 0 in ready:
                heard = time.monotonic()
                self.take_input()
            if self.waiting and not self.link.kernel.is_same():
                self.connect_again()  # the runs of the one before are over, whatever was heard of them
            if self.link.runs:
                self.tell_all({"busy": True})
            self.ask_next()

    def take_input(self):
        data = os.read(0, 65536)
        lines = (self.input + data).split(b"\n")
        self.input = lines.pop()
        self.is_over = not data or len(self.input) > MOST_INPUT
        for line in lines:
            question = json.loads(line.decode())
            if "cancel" in question:
                self.waiting = [other for other in self.waiting if other["id"] != question["cancel"]]
                if self.current and self.current["id"] == question["cancel"]:
                    self.current = None
            else:
                self.waiting.append(question)
                if len(self.waiting) > MOST_WAITING:
                    self.tell(self.waiting.pop(0), {"busy": True})

    def tell(self, question, answer):
        if question:
            say(dict(answer, id=question["id"]))

    def tell_all(self, answer):
        for question in [self.current] + self.waiting:
            self.tell(question, answer)
        self.current = None
        self.waiting = []

    def ask_next(self):
        asked = self.link.asked
        if asked and time.monotonic() - asked[1] > SILENT_SECONDS and not self.link.is_busy():
            self.connect_again()
        if not self.waiting or self.link.asked:
            return
        if not self.link.kernel.is_alive():
            self.tell_all({"gone": True})
        elif self.link.is_busy():
            self.tell_all({"busy": True})
        elif is_behind(self.link.kernel.connection["iopub_port"]):
            self.tell_all({"full": True})
        else:
            question = self.waiting.pop(0)
            if question["ask"] == "complete" and self.is_warming_up():
                self.tell(question, {"busy": True})
                return
            self.current = question
            content = {"code": question["code"], "cursor_pos": question["at"]}
            if question["ask"] == "inspect":
                content["detail_level"] = 0
            self.link.send(question["ask"] + "_request", content)

    def connect_again(self):
        self.tell(self.current, {"busy": True})
        self.current = None
        self.link.asked = None
        kernel = find_kernel()
        if kernel:
            self.link.close()
            self.link = Link(kernel)

    def take_answers(self):
        for _, parent, content in self.link.messages(self.link.shell):
            if self.link.asked and parent.get("msg_id") == self.link.asked[0]:
                question, self.current, self.link.asked = self.current, None, None
                self.tell(question, answer_of(question, content) if question else {})


def answer_of(question, content):
    if content.get("status") != "ok":
        return {"busy": True} if content.get("status") == "aborted" else {
            "error": "%s: %s" % (content.get("ename"), str(content.get("evalue"))[:300])}
    if question["ask"] == "inspect":
        text = content.get("data", {}).get("text/plain") if content.get("found") else None
        return {"text": text and str(text)[:MOST_TEXT]}
    typed = content.get("metadata", {}).get("_jupyter_types_experimental")
    if typed is None:
        start, end = content.get("cursor_start"), content.get("cursor_end")
        typed = [{"text": text, "start": start, "end": end} for text in content.get("matches", [])]
    matches = [[str(match["text"])[:300], match["start"], match["end"], match.get("type") or "", (match.get("signature") or "")[:300]]
               for match in typed[:MOST_MATCHES]]
    return {"matches": matches, "total": len(typed)}


kernel = find_kernel()
if kernel is None:
    say({"none": why_no_kernel()})
    sys.exit()
try:
    import zmq
except ImportError:
    # The interpreter of the kernel has what a kernel needs.
    if "again" in sys.argv:
        say({"none": "no-zmq"})
        sys.exit()
    os.execv(kernel.python, [kernel.python, "-c", source, "again"])
say({"hello": {"pid": kernel.pid}})
spare_me()
helper = Helper(Link(kernel))
try:
    helper.serve()
finally:
    helper.end_warm_up()
`;
