/**
 * The program between an ssh client and the window that opened the session, as `ProxyCommand` of an ssh configuration:
 *
 *     node proxy.cjs FILE
 *
 * FILE names the window's socket in its first line and holds the token of a session in its second, so that no command line
 * shows it. A bundle of its own that needs nothing but Node: it starts once for every ssh connection.
 */
import { readFileSync, writeSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { pipeline } from "node:stream";

const answerLimitBytes = 4096;

/** Longer than the window waits for the server and for the session's sshd. */
const answerMs = 90_000;

const closed =
  "The window that opened this session is closed, or has ended its connection. Open the session from a window again.";

function fail(message: string): never {
  writeSync(2, `Backend.AI: ${message}\n`);
  process.exit(1);
}

function ticket(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return fail(closed);
  }
}

/** Waits for the line that says whether the session can be reached; what follows it stays in the socket. */
function answered(socket: Socket, onOk: () => void): void {
  let bytes = Buffer.alloc(0);
  const timer = setTimeout(() => fail("The window that opened this session does not answer."), answerMs);
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf("\n");
    if (end < 0) {
      if (bytes.length > answerLimitBytes) {
        fail("The window that opened this session gave no proper answer.");
      }
      return;
    }
    clearTimeout(timer);
    socket.pause();
    socket.off("data", onData);
    socket.off("end", onEnd);
    const answer = bytes.toString("utf8", 0, end);
    if (answer !== "ok") {
      fail(answer);
    }
    socket.unshift(bytes.subarray(end + 1));
    onOk();
  };
  const onEnd = (): never => fail(closed);
  socket.on("data", onData);
  socket.once("end", onEnd);
}

const [path = "", token = ""] = ticket(process.argv[2] ?? "");
const socket = connect({ path, allowHalfOpen: true });
const onRefused = (): never => fail(closed);
socket.once("error", onRefused);
socket.once("connect", () => socket.write(`${token}\n`));
answered(socket, () => {
  socket.off("error", onRefused);
  pipeline(process.stdin, socket, () => undefined);
  // The session's end is the end, whether or not ssh has more to say.
  pipeline(socket, process.stdout, (error) => process.exit(error ? 1 : 0));
});
