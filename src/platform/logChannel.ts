import * as vscode from "vscode";
import type { Logger } from "../base/logger.js";
import { maskText } from "../base/secrets/maskText.js";

/** Something that went wrong, as the log has it. */
export interface LoggedProblem {
  readonly at: Date;
  readonly level: "error" | "warning";
  readonly message: string;
}

/** Problems that are kept; the oldest are forgotten first. */
const problemLimit = 100;

/** Characters of a message that are kept. */
const messageLimit = 2000;

/** The one log of the extension; VS Code keeps its level and adds the times. No secret gets into it. */
export function createLogChannel(): {
  readonly channel: vscode.LogOutputChannel;
  readonly logger: Logger;
  /** What went wrong lately in this window, the latest last. */
  readonly problems: readonly LoggedProblem[];
} {
  const channel = vscode.window.createOutputChannel("Backend.AI", { log: true });
  const problems: LoggedProblem[] = [];
  const keep = (level: LoggedProblem["level"], message: string): string => {
    const text = maskText(message);
    problems.push({ at: new Date(), level, message: text.slice(0, messageLimit) });
    problems.splice(0, problems.length - problemLimit);
    return text;
  };
  return {
    channel,
    problems,
    logger: {
      ...maskedLogger(channel),
      error: (message) => channel.error(keep("error", message)),
      warn: (message) => channel.warn(keep("warning", message)),
    },
  };
}

/** Writes to a channel without secrets. What its level leaves out costs nothing. */
export function maskedLogger(channel: vscode.LogOutputChannel): Logger {
  const at = (level: vscode.LogLevel, write: (message: string) => void): ((message: string) => void) => {
    return (message) => {
      if (channel.logLevel !== vscode.LogLevel.Off && channel.logLevel <= level) {
        write(maskText(message));
      }
    };
  };
  return {
    error: at(vscode.LogLevel.Error, (message) => channel.error(message)),
    warn: at(vscode.LogLevel.Warning, (message) => channel.warn(message)),
    info: at(vscode.LogLevel.Info, (message) => channel.info(message)),
    debug: at(vscode.LogLevel.Debug, (message) => channel.debug(message)),
    trace: at(vscode.LogLevel.Trace, (message) => channel.trace(message)),
  };
}
