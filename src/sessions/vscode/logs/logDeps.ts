import * as vscode from "vscode";
import type { Logger } from "../../../base/logger.js";
import type { Commands } from "../../../platform/commands.js";
import { logScheme } from "../../logs/logAddress.js";
import type { PickSessionDeps } from "../pickSession.js";

/** What logs work with. */
export interface LogDeps extends PickSessionDeps {
  readonly commands: Commands;
  /** A folder of the extension on this computer; logs that are too large for an editor are put below it. */
  readonly globalStorage: string;
  readonly logger: Logger;
}

/** Menus of an editor's title hand over its address. */
export function logUri(clicked: unknown): vscode.Uri | undefined {
  const uri = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === logScheme ? uri : undefined;
}
