/** Every command of the extension, as `backendai.<feature>.<verb>`; a test compares the list with `package.json`. */
export const commandIds = [
  "backendai.account.connect",
  "backendai.account.connectDefault",
  "backendai.account.connectLocal",
  "backendai.account.connectEnvironment",
  "backendai.account.disconnect",
  "backendai.account.showServer",
  "backendai.apps.open",
  "backendai.files.downloadProduced",
  "backendai.files.mirror",
  "backendai.log.show",
  "backendai.notebook.chooseSession",
  "backendai.notebook.restart",
  "backendai.ports.close",
  "backendai.ports.copyAddress",
  "backendai.ports.forward",
  "backendai.ports.open",
  "backendai.query.chooseSession",
  "backendai.query.interrupt",
  "backendai.query.reset",
  "backendai.query.runAbove",
  "backendai.query.runAll",
  "backendai.query.runCell",
  "backendai.query.runCellAndAdvance",
  "backendai.query.runSelection",
  "backendai.query.showConsole",
  "backendai.run.answer",
  "backendai.run.debug",
  "backendai.results.clear",
  "backendai.results.export",
  "backendai.results.show",
  "backendai.run.file",
  "backendai.run.fileInBackground",
  "backendai.run.fileWithOptions",
  "backendai.run.last",
  "backendai.run.leave",
  "backendai.run.preview",
  "backendai.run.stop",
  "backendai.runs.again",
  "backendai.runs.compare",
  "backendai.runs.find",
  "backendai.runs.follow",
  "backendai.runs.open",
  "backendai.runs.remove",
  "backendai.runs.saveOutput",
  "backendai.runs.stop",
  "backendai.search.find",
  "backendai.search.refresh",
  "backendai.search.stop",
  "backendai.search.clear",
  "backendai.search.open",
  "backendai.search.copy",
  "backendai.search.dismiss",
  "backendai.search.replace",
  "backendai.search.cancelReplace",
  "backendai.search.preview",
  "backendai.search.replaceFile",
  "backendai.search.replaceAll",
  "backendai.search.goToFile",
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
  /** Whether a program waits for a line that a notification tells of. */
  asking: "backendai.asking",
  /** The phase of the connection: `disconnected`, `connecting`, `connected` or `failed`. */
  connection: "backendai.connection",
  /** Whether the active editor has cells, such as those after `# %%`. */
  hasCells: "backendai.hasCells",
  /** Whether there are results of a search to be shown. */
  hasSearch: "backendai.hasSearch",
  /** Whether results are to be replaced. */
  replacing: "backendai.replacing",
  /** Whether a search in a session is under way. */
  searching: "backendai.searching",
  /** Whether `BACKEND_*` variables name a server. */
  hasEnvironment: "backendai.hasEnvironment",
  /** Whether code of the active editor was run piece by piece in a session, so that its keys may do so. */
  queryDocument: "backendai.queryDocument",
  /** Whether a piece of code runs or waits. */
  querying: "backendai.querying",
  /** Whether a run of ours is under way. */
  running: "backendai.running",
} as const;
