import type { Tool } from "../tool.js";
import { listFiles } from "./listFiles.js";
import { listSessions } from "./listSessions.js";
import { readFile } from "./readFile.js";
import { runCode } from "./runCode.js";
import { searchFiles } from "./searchFiles.js";
import { startSession } from "./startSession.js";
import { tailLog } from "./tailLog.js";

/** Every tool; `package.json` describes each to models and people. */
export const allTools: readonly Tool[] = [
  listSessions,
  startSession,
  runCode,
  listFiles,
  readFile,
  searchFiles,
  tailLog,
];
