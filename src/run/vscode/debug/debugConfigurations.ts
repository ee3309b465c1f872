import * as l10n from "@vscode/l10n";
import path from "node:path";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { debugType } from "../../../platform/contributedIds.js";
import { showErrorMessage } from "../../../platform/shown/notifications.js";
import { consoleOf } from "../../debug/launchArguments.js";

/** Fills configurations in, and stands in for one where a person has none. */
export class DebugConfigurations implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [initialConfiguration()];
  }

  /** F5 without a `launch.json` comes with an empty configuration: then the file in front is meant. */
  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: Partial<vscode.DebugConfiguration>,
  ): vscode.DebugConfiguration | undefined {
    // What is not known is left out, or empty.
    const type = configuration.type || debugType;
    const name = configuration.name || initialConfiguration().name;
    const request = configuration.request || "launch";
    if (request === "launch" && configuration["program"] === undefined) {
      const document = vscode.window.activeTextEditor?.document;
      if (document?.languageId !== "python") {
        void showErrorMessage(l10n.t("Open the Python file to debug, then start debugging."));
        return undefined;
      }
    }
    // The debug console would come before the program's terminal.
    const console =
      consoleOf(configuration) === "internalConsole" ? {} : { internalConsoleOptions: "neverOpen" };
    return { program: "${file}", ...console, ...configuration, type, name, request };
  }
}

/** Starts to debug a document as the configuration of F5 would. */
export async function debugDocument(document: vscode.TextDocument): Promise<void> {
  if (document.isUntitled) {
    throw new ConfigurationError(
      "file",
      l10n.t("Save the file first: breakpoints need one that has a place."),
    );
  }
  const { uri } = document;
  const program = uri.scheme === "file" ? uri.fsPath : uri.toString();
  const name = l10n.t("Debug {0}", path.posix.basename(uri.path));
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  await vscode.debug.startDebugging(folder, { ...initialConfiguration(), name, program });
}

function initialConfiguration(): vscode.DebugConfiguration {
  return {
    type: debugType,
    request: "launch",
    name: l10n.t("Python: Current File in a Session"),
    program: "${file}",
  };
}
