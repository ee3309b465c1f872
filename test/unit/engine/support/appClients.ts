import { once } from "node:events";
import type { Duplex } from "node:stream";
import ssh2, { type ClientChannel, type ConnectConfig, type ExecOptions, type SFTPWrapper } from "ssh2";
import { createWebSocketStream } from "ws";
import type { EngineClient } from "./client.js";

/** The bytes of a connection to an app of a session, through the websocket that clients use. */
export function tunnel(client: EngineClient, id: string, app: "sshd" | "ttyd"): Duplex {
  const route = app === "sshd" ? "tcpproxy" : "httpproxy";
  const socket = client.socket(`/stream/session/${id}/${route}?app=${app}`);
  return createWebSocketStream(socket, { allowHalfOpen: false }).on("error", () => undefined);
}

/** The private key of a session, as users get it. */
export async function keyOf(client: EngineClient, id: string): Promise<string> {
  const path = `/session/${id}/download_single?file=id_container`;
  const answer = await client.send("POST", path);
  if (answer.status !== 200) {
    throw new Error(`${path}: ${answer.status} ${answer.text}`);
  }
  const text = answer.bytes.toString("latin1");
  return text.slice(text.indexOf("-----BEGIN"), text.indexOf("KEY-----\n", text.indexOf("-----END")) + 9);
}

/** Logs in with the session's key, unless told otherwise. */
export async function login(
  client: EngineClient,
  id: string,
  config: ConnectConfig = {},
): Promise<{ ssh: ssh2.Client; link: Duplex }> {
  const privateKey = config.privateKey ?? (await keyOf(client, id));
  const link = tunnel(client, id, "sshd");
  const ssh = new ssh2.Client();
  ssh.on("error", () => undefined); // a login that failed may have more to say
  const ready = once(ssh, "ready");
  ssh.connect({ username: "work", ...config, privateKey, sock: link });
  await ready;
  return { ssh, link };
}

/** Starts a command. */
export async function exec(
  ssh: ssh2.Client,
  command: string,
  options: ExecOptions = {},
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    ssh.exec(command, options, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

/** What a program printed, and how it ended. */
export interface Ended {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly code: number | null;
  readonly signal: string | undefined;
}

/** Reads a channel to its end. */
export async function ended(channel: ClientChannel): Promise<Ended> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  channel.on("data", (bytes: Buffer) => stdout.push(bytes));
  channel.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
  const [code, signal] = (await once(channel, "close")) as [number | null, string | undefined];
  return { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), code, signal };
}

/** Runs a command to its end, with nothing to read. */
export async function run(ssh: ssh2.Client, command: string, options: ExecOptions = {}): Promise<Ended> {
  const channel = await exec(ssh, command, options);
  channel.end();
  return ended(channel);
}

/** Opens SFTP. */
export async function openSftp(ssh: ssh2.Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    ssh.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
  });
}
