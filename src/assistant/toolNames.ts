/** Names of the tools, as `package.json` contributes them; a test compares the three lists. */
export const toolNames = [
  "backendai_list_sessions",
  "backendai_start_session",
  "backendai_run_code",
  "backendai_list_files",
  "backendai_read_file",
  "backendai_search_files",
  "backendai_tail_log",
] as const;
