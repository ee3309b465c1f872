import * as l10n from "@vscode/l10n";
import { createHash } from "node:crypto";
import { ConfigurationError } from "../../../base/errors.js";
import { keyTypeOf } from "../agent/sshWire.js";

/** What an ssh client is told of a session. */
export interface HostBlockOptions {
  readonly host: string;
  readonly sessionId: string;
  readonly proxyCommand: string;
  /** The public half of the session's key, which tells the agent's key from others. */
  readonly publicKeyFile: string;
  readonly agentSocket: string;
  readonly knownHostsFile: string;
  /** Its sshd's key, in ssh's own form. */
  readonly hostKey: Buffer;
}

/** The lines of an ssh configuration for one session. No line of theirs is a secret. */
export function hostBlock(options: HostBlockOptions): string {
  const { host, sessionId, proxyCommand, publicKeyFile, agentSocket, knownHostsFile, hostKey } = options;
  const settings = [
    "User work",
    `ProxyCommand ${proxyCommand}`,
    // Its sshd is known by the session's id: the name may be another session's tomorrow.
    `HostKeyAlias ${hostKeyAlias(sessionId)}`,
    `UserKnownHostsFile ${quoted(knownHostsFile)}`,
    "StrictHostKeyChecking yes",
    "UpdateHostKeys no",
    "CheckHostIP no",
    `HostKeyAlgorithms ${algorithmsOf(keyTypeOf(hostKey))}`,
    // This key and no other, from this agent and not the user's own.
    `IdentityAgent ${quoted(agentSocket)}`,
    `IdentityFile ${quoted(publicKeyFile)}`,
    "IdentitiesOnly yes",
    "PreferredAuthentications publickey",
    "PasswordAuthentication no",
    // dropbear of before 2020 knows no signature but this one for RSA keys. The name is the old one, which every ssh takes.
    "PubkeyAcceptedKeyTypes +ssh-rsa",
    // A connection that others shared would outlive its window.
    "ControlMaster no",
    "ControlPath none",
    "ForwardAgent no",
    "ServerAliveInterval 30",
    "ServerAliveCountMax 4",
  ];
  return `Host ${host}\n${settings.map((line) => `  ${line}\n`).join("")}`;
}

/** The line of a `known_hosts` file. */
export function knownHostsLine(sessionId: string, hostKey: Buffer): string {
  return `${hostKeyAlias(sessionId)} ${keyTypeOf(hostKey)} ${hostKey.toString("base64")}\n`;
}

/** The name of a session as a host that no quoting has to protect; `isTaken` says which names mean another session. */
export function hostNameFor(name: string, sessionId: string, isTaken: (host: string) => boolean): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  const host = `backendai-${words === "" ? "session" : words}`;
  return isTaken(host) ? `${host}-${shortId(sessionId)}` : host;
}

/** Eight characters for a session; its id alone may be long, or a name that begins like another. */
export function shortId(sessionId: string): string {
  return createHash("sha256").update(sessionId).digest("hex").slice(0, 8);
}

/** The hosts that a configuration made of such blocks defines, each with the id of its session. */
export function hostsOf(text: string): ReadonlyMap<string, string> {
  const blocks = text.matchAll(/^Host (\S+)\n(?: {2}.*\n)*? {2}HostKeyAlias backendai-(\S+)\n/gm);
  return new Map([...blocks].map(([, host = "", id = ""]) => [host, id]));
}

/** How to start `program script file` with VS Code's own Node from an ssh configuration. */
export function proxyCommandOf(
  words: readonly string[],
  platform: NodeJS.Platform = process.platform,
): string {
  // Electron is a Node only when told so. What debuggers put into NODE_OPTIONS has no business in a byte stream.
  const command =
    platform === "win32"
      ? `cmd.exe /d /s /c "set ELECTRON_RUN_AS_NODE=1&& set NODE_OPTIONS=&& ${words.map((word) => `"${word}"`).join(" ")}"`
      : `env ELECTRON_RUN_AS_NODE=1 NODE_OPTIONS= ${words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ")}`;
  if (/[\n\r]/.test(command) || (platform === "win32" && words.some((word) => word.includes('"')))) {
    throw unwritable(words.join(" "));
  }
  return command.replaceAll("%", "%%");
}

/** A line that includes every file that `pattern` finds. */
export function includeLine(pattern: string): string {
  if (/["\n\r%$?[\]{}\\]/.test(pattern.replaceAll("\\", process.platform === "win32" ? "/" : "\\"))) {
    throw unwritable(pattern);
  }
  return `Include "${process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern}"`;
}

function hostKeyAlias(sessionId: string): string {
  return `backendai-${sessionId}`;
}

/** A path as one word. `PrivateDirectory` sees to it that no character of its paths means more than itself. */
function quoted(file: string): string {
  return `"${process.platform === "win32" ? file.replaceAll("\\", "/") : file}"`;
}

function unwritable(what: string): ConfigurationError {
  return new ConfigurationError("path", l10n.t("No ssh configuration can hold this path: {0}", what));
}

/** The signatures that a host key can make, the best first. */
function algorithmsOf(keyType: string): string {
  return keyType === "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256,ssh-rsa" : keyType;
}
