/** Names that VS Code knows before anything of ours is read, as `package.json` contributes them; tests compare. */

/** The views, in their order. */
export const viewIds = [
  "backendai.sessions",
  "backendai.folders",
  "backendai.runs",
  "backendai.search",
] as const;

/** The scheme of documents that are files of sessions: `backendai://<server>/<session>/<path>`. */
export const fileScheme = "backendai";

/** The scheme of documents that are files of folders: `backendai-folder://<folder's id>/<folder's name>/<path>`. */
export const folderScheme = "backendai-folder";

/** The scheme of documents that are logs: `backendai-log://<server>/<name>.log?<session>/<which>`. */
export const logScheme = "backendai-log";

/** The type of our tasks in `tasks.json`. */
export const taskType = "backendai";

/** The type of our debug configurations in `launch.json`. */
export const debugType = "backendai";

/** The profile in VS Code's list of terminals. */
export const terminalProfileId = "backendai.terminal";

/** The type of notebooks that sessions are kernels for. */
export const notebookType = "jupyter-notebook";

/** Files that sessions are started from. */
export const sessionFileGlob = "**/.backend.ai/session.json";

/** Tools for language models. */
export const toolNames = [
  "backendai_list_sessions",
  "backendai_start_session",
  "backendai_run_code",
  "backendai_list_files",
  "backendai_read_file",
  "backendai_search_files",
  "backendai_tail_log",
] as const;
