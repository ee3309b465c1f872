import type { Disposable } from "../../../base/lifecycle.js";
import { DisposableStore } from "../../../base/lifecycle.js";
import type { FilePartDeps } from "../filePart.js";
import { TransferQueue } from "../../transfer/transferQueue.js";

/** Uploads and downloads of files and folders. What they need is loaded by the first one. */
export function registerTransfers(parts: FilePartDeps): Disposable {
  const owned = new DisposableStore();
  const deps = { ...parts, queue: new TransferQueue() };
  owned.add(
    parts.commands.register("backendai.files.upload", async (signal, clicked, all, given) => {
      const { upload } = await import("./uploadCommand.js");
      await upload(deps, { clicked, all, given }, signal);
    }),
  );
  owned.add(
    parts.commands.register("backendai.files.download", async (signal, clicked, all, given) => {
      const { download } = await import("./downloadCommand.js");
      await download(deps, { clicked, all, given }, signal);
    }),
  );
  return owned;
}
