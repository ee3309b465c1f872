/** Every setting of the extension, as `backendai.<feature>.<name>`; a test compares the list with `package.json`. */
export const settingIds = [
  "backendai.files.connection",
  "backendai.files.watch",
  "backendai.files.wholeLimitMB",
  "backendai.ports.offer",
  "backendai.run.connection",
  "backendai.run.console",
  "backendai.run.codeLens",
  "backendai.run.problems",
  "backendai.results.open",
  "backendai.run.exclude",
  "backendai.run.include",
  "backendai.servers",
  "backendai.sessions.idleWarningMinutes",
  "backendai.terminal.connection",
  "backendai.terminal.keepAliveSeconds",
  "backendai.terminal.restore",
] as const;
