import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import type { RunOptions } from "../plan/runPlan.js";
import type { FileRuns } from "./fileRuns.js";
import { documentFor } from "./runDocument.js";

/** What the commands on runs work with. */
export interface RunCommandDeps {
  readonly commands: Commands;
  readonly runs: FileRuns;
}

/** Commands that run files, stop them and leave them. */
export function registerRunCommands({ commands, runs }: RunCommandDeps): Disposable {
  const owned = new DisposableStore();
  owned.add(
    commands.register("backendai.run.file", async (signal, uri, options) =>
      runs.run(await documentFor(uri), signal, runOptionsOf(options)),
    ),
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
