import { once } from "node:events";
import ssh2 from "ssh2";
import { createWebSocketStream, WebSocket } from "ws";
import { heard, openShellCommand } from "../../../src/terminal/links/shellScript.js";
import { fetchSessionKey } from "../../../src/tunnel/sessionKey.js";
import type { BenchServer } from "../support/benchServer.js";
import type { TerminalEnd, Way } from "./terminalEnd.js";

const size = { rows: 24, cols: 80 };

/** The least code that shows a session's terminal and types into it: no waiting, no checks, no screen. */
export async function openBare(
  server: BenchServer,
  sessionId: string,
  { way, name }: { readonly way: Way; readonly name: string },
): Promise<TerminalEnd> {
  switch (way) {
    case "pty":
      return barePty(dial(server, `/${sessionId}/pty`));
    case "ssh":
      return bareSsh(server, sessionId, openShellCommand({ name }), heard);
    case "ssh, plain":
      return bareSsh(server, sessionId, "exec bash -l");
    case "ttyd":
      return bareTtyd(dial(server, `/${sessionId}/tcpproxy?app=ttyd`));
  }
}

/** Not open yet: what comes with the server's answer needs a listener by then. */
export function dial(server: BenchServer, tail: string): WebSocket {
  const { url, headers } = server.signed(tail);
  return new WebSocket(url, { headers, perMessageDeflate: false });
}

async function barePty(socket: WebSocket): Promise<TerminalEnd> {
  const send = (frame: object): void => socket.send(JSON.stringify(frame));
  const end: TerminalEnd = {
    type: (text) => send({ type: "stdin", chars: Buffer.from(text).toString("base64") }),
    onOutput: () => undefined,
    close: async () => closed(socket),
  };
  socket.on("message", (message: Buffer) => {
    const frame = JSON.parse(message.toString("utf8")) as { type: string; data?: string };
    if (frame.type === "out") {
      end.onOutput(Buffer.from(frame.data ?? "", "base64"));
    }
  });
  await once(socket, "open");
  send({ type: "resize", ...size });
  return end;
}

/** A bare ssh connection into a session, over a bare tunnel. */
export interface BareSsh {
  readonly connection: ssh2.Client;
  readonly close: () => Promise<void>;
}

/** Logs in with the least code that can. Who opens it closes it. */
export async function openBareSsh(server: BenchServer, sessionId: string): Promise<BareSsh> {
  const privateKey = await fetchSessionKey(server.client, sessionId, undefined);
  const sock = createWebSocketStream(dial(server, `/${sessionId}/tcpproxy?app=sshd`));
  const connection = new ssh2.Client();
  connection.connect({ sock, username: "work", privateKey });
  await once(connection, "ready");
  return {
    connection,
    close: async () => {
      sock.on("error", () => undefined); // it is cut in the middle of ssh
      connection.end();
      await once(sock, "close");
    },
  };
}

/** @param answer What the command waits for once it has said something, before it shows anything. */
async function bareSsh(
  server: BenchServer,
  sessionId: string,
  command: string,
  answer = "",
): Promise<TerminalEnd> {
  const { connection, close } = await openBareSsh(server, sessionId);
  const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    connection.exec(command, { pty: { ...size, term: "xterm-256color" } }, (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
  const end: TerminalEnd = {
    type: (text) => void channel.write(text),
    onOutput: () => undefined,
    close,
  };
  channel.on("data", (data: Buffer) => end.onOutput(data));
  if (answer !== "") {
    await once(channel, "data");
    channel.write(answer);
    await once(channel, "data");
  }
  return end;
}

async function bareTtyd(tunnel: WebSocket): Promise<TerminalEnd> {
  const stream = createWebSocketStream(tunnel);
  const socket = new WebSocket("ws://127.0.0.1:7681/ws", ["tty"], {
    createConnection: () => stream,
    perMessageDeflate: false,
  });
  const end: TerminalEnd = {
    type: (text) => socket.send(Buffer.from(`0${text}`)),
    onOutput: () => undefined,
    close: async () => {
      stream.on("error", () => undefined); // it is cut in the middle of ttyd's goodbye
      await closed(socket);
    },
  };
  socket.on("message", (message: Buffer) => {
    if (message[0] === 0x30) {
      end.onOutput(message.subarray(1));
    }
  });
  await once(socket, "open");
  socket.send(Buffer.from(JSON.stringify({ AuthToken: "", columns: size.cols, rows: size.rows })));
  socket.send(Buffer.from(`1${JSON.stringify({ columns: size.cols, rows: size.rows })}`));
  return end;
}

async function closed(socket: WebSocket): Promise<void> {
  socket.on("error", () => undefined);
  socket.close();
  const cut = setTimeout(() => socket.terminate(), 1000);
  await once(socket, "close");
  clearTimeout(cut);
}
