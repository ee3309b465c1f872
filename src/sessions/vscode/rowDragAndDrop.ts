import * as vscode from "vscode";
import type { Logger } from "../../base/logger.js";
import { showError } from "../../platform/messages.js";
import { type BranchDrop, isBranchItem, type SessionBranches } from "../sessionBranches.js";
import type { SessionRow } from "./sessionTreeProvider.js";

/** How VS Code calls rows of this view while they are dragged. */
const rowsType = "application/vnd.code.tree.backendai.sessions";

/** Addresses, one a line. */
const addressesType = "text/uri-list";

/** Dragging rows of the session view, and dropping files and rows onto them. What a drop does is the branch's matter. */
export class RowDragAndDrop implements vscode.TreeDragAndDropController<SessionRow> {
  readonly dragMimeTypes = [addressesType];
  readonly dropMimeTypes = [addressesType, "files", rowsType];
  readonly #branches: SessionBranches;
  readonly #logger: Logger;

  constructor(branches: SessionBranches, logger: Logger) {
    this.#branches = branches;
    this.#logger = logger;
  }

  /** Rows of documents can be dropped into editors, the Explorer and other windows as well. */
  handleDrag(source: readonly SessionRow[], dataTransfer: vscode.DataTransfer): void {
    const rows = source.filter(isBranchItem);
    const resources = rows.flatMap(({ row }) => row.resource ?? []);
    if (resources.length > 0) {
      const addresses = resources.map((resource) => vscode.Uri.from(resource).toString());
      dataTransfer.set(addressesType, new vscode.DataTransferItem(addresses.join("\r\n")));
      dataTransfer.set(rowsType, new vscode.DataTransferItem(rows.map(({ row }) => row.id)));
    }
  }

  async handleDrop(target: SessionRow | undefined, dataTransfer: vscode.DataTransfer): Promise<void> {
    if (!isBranchItem(target)) {
      return;
    }
    try {
      await this.#branches.drop(target, await this.#dropped(dataTransfer));
    } catch (error) {
      void showError(error, "drop", this.#logger);
    }
  }

  async #dropped(dataTransfer: vscode.DataTransfer): Promise<BranchDrop> {
    const ids: unknown = dataTransfer.get(rowsType)?.value;
    const text = (await dataTransfer.get(addressesType)?.asString()) ?? "";
    const uris = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
    const files: BranchDrop["files"][number][] = [];
    for (const [, item] of dataTransfer) {
      const file = item.asFile();
      if (file?.uri !== undefined) {
        uris.push(file.uri.toString());
      } else if (file !== undefined) {
        files.push({ name: file.name, read: async () => file.data() });
      }
    }
    return {
      rows: Array.isArray(ids) ? ids.flatMap((id) => this.#branches.find(String(id)) ?? []) : [],
      uris: [...new Set(uris)],
      files,
    };
  }
}
