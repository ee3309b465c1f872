import * as vscode from "vscode";
import type { Logger } from "../base/logger.js";

/** The one log of the extension; VS Code keeps its level and adds the times. */
export function createLogChannel(): { readonly channel: vscode.LogOutputChannel; readonly logger: Logger } {
  const channel = vscode.window.createOutputChannel("Backend.AI", { log: true });
  const logger: Logger = {
    error: (message) => channel.error(message),
    warn: (message) => channel.warn(message),
    info: (message) => channel.info(message),
    debug: (message) => channel.debug(message),
    trace: (message) => channel.trace(message),
  };
  return { channel, logger };
}
