import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { FilePartDeps } from "../filePart.js";

/** Mirrors of folders, and what a run produced. What does the work is loaded when it is first asked for. */
export function registerSync(parts: FilePartDeps): Disposable {
  const { commands } = parts;
  const owned = new DisposableStore();
  owned.add(
    commands.register("backendai.files.mirror", async (signal, clicked) => {
      const { mirrorFolder } = await import("./mirrorFolder.js");
      await mirrorFolder(parts, clicked, signal);
    }),
  );
  owned.add(
    commands.register("backendai.files.downloadProduced", async (signal, asked) => {
      const { downloadProduced } = await import("./downloadProduced.js");
      await downloadProduced(parts, asked, signal);
    }),
  );
  return owned;
}
