/** Every command of the extension, as `backendai.<feature>.<verb>`; a test compares the list with `package.json`. */
export const commandIds = [
  "backendai.account.connect",
  "backendai.account.connectDefault",
  "backendai.account.connectLocal",
  "backendai.account.connectEnvironment",
  "backendai.account.disconnect",
  "backendai.account.showServer",
  "backendai.apps.open",
  "backendai.log.show",
  "backendai.ports.close",
  "backendai.ports.copyAddress",
  "backendai.ports.forward",
  "backendai.ports.open",
  "backendai.run.file",
  "backendai.run.leave",
  "backendai.run.preview",
  "backendai.run.stop",
  "backendai.sessions.copyId",
  "backendai.sessions.destroy",
  "backendai.sessions.refresh",
  "backendai.sessions.restart",
  "backendai.sessions.start",
  "backendai.ssh.copyCommand",
  "backendai.ssh.openRemote",
  "backendai.terminal.attach",
  "backendai.terminal.open",
  "backendai.terminal.openHere",
  "backendai.terminal.restart",
] as const;

/** The id of a command of this extension. */
export type CommandId = (typeof commandIds)[number];

/** Context keys for `when` clauses, each set from one place. */
export const contextKeys = {
  /** The phase of the connection: `disconnected`, `connecting`, `connected` or `failed`. */
  connection: "backendai.connection",
  /** Whether `BACKEND_*` variables name a server. */
  hasEnvironment: "backendai.hasEnvironment",
  /** Whether a run of ours is under way. */
  running: "backendai.running",
} as const;
