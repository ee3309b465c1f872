import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { FilePartDeps } from "../filePart.js";
import { FileTree } from "../../tree/fileTree.js";
import { dropOnFiles } from "./dropOnFiles.js";
import { registerFileCommands } from "./fileCommands.js";

/** Files as rows under running sessions, and what is done with them. */
export function registerFileTree(parts: FilePartDeps): Disposable {
  const owned = new DisposableStore();
  const tree: FileTree = owned.add(
    new FileTree(parts, (target, dropped) => dropOnFiles({ ...parts, tree }, target, dropped)),
  );
  owned.add(parts.branches.add(tree));
  owned.add(parts.changes.onDidChange(({ sessionId, folder }) => tree.refresh(sessionId, folder)));
  for (const command of registerFileCommands({ ...parts, tree })) {
    owned.add(command);
  }
  return owned;
}
