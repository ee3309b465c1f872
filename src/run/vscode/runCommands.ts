import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { ConfigurationError } from "../../base/errors.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import type { RunOptions } from "../plan/runPlan.js";
import type { FileRuns } from "./fileRuns.js";
import { documentFor, remotePathOf } from "./runDocument.js";
import { pickRunOptions } from "./runOptionsPick.js";

/** What the commands on runs work with. */
export interface RunCommandDeps {
  readonly commands: Commands;
  readonly runs: FileRuns;
}

/** Commands that run files, stop them and leave them. */
export function registerRunCommands({ commands, runs }: RunCommandDeps): Disposable {
  const owned = new DisposableStore();
  const lastOptions = new Map<string, RunOptions>();
  let last: { readonly uri: vscode.Uri; readonly options: RunOptions } | undefined;

  const run = async (
    document: vscode.TextDocument,
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<void> => {
    last = { uri: document.uri, options };
    await runs.run(document, signal, options);
  };
  owned.add(
    commands.register("backendai.run.file", async (signal, uri, options) =>
      run(await documentFor(uri), runOptionsOf(options), signal),
    ),
  );
  owned.add(
    commands.register("backendai.run.fileWithOptions", async (signal, uri) => {
      const document = await documentFor(uri);
      const key = document.uri.toString();
      const path = remotePathOf(document);
      const options = await pickRunOptions(
        { languageId: document.languageId, path },
        lastOptions.get(key) ?? {},
      );
      if (options !== undefined) {
        lastOptions.set(key, options);
        await run(document, options, signal);
      }
    }),
  );
  owned.add(
    commands.register("backendai.run.last", async (signal) => {
      if (last === undefined) {
        throw new ConfigurationError(
          "run",
          l10n.t("Nothing was run in this window yet. Open a file and press ▷ in its title bar."),
        );
      }
      await run(await documentFor(last.uri), last.options, signal);
    }),
  );
  owned.add(commands.register("backendai.run.stop", () => runs.stop()));
  owned.add(commands.register("backendai.run.leave", () => runs.leave()));
  return owned;
}

/** Menus hand over other things in its place. */
function runOptionsOf(value: unknown): RunOptions {
  if (typeof value !== "object" || value === null) {
    return {};
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const text = (name: string): string | undefined => {
    const field = fields.get(name);
    return typeof field === "string" ? field : undefined;
  };
  const env = fields.get("env");
  return {
    clean: text("clean"),
    build: text("build"),
    exec: text("exec"),
    args: text("args"),
    env:
      typeof env === "object" && env !== null
        ? Object.fromEntries(Object.entries(env).map(([name, content]) => [name, String(content)]))
        : undefined,
  };
}
