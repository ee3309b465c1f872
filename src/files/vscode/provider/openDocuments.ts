import * as vscode from "vscode";
import { Emitter } from "../../../base/event.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { type FilePlace, placeOf } from "../../filePlace.js";
import { keyOf } from "../../provider/sessionViews.js";
import type { OpenEditors } from "../../provider/sessionFileSystem.js";

/**
 * The documents that this window has open. When a save is over, VS Code tells extensions that the document has no unsaved changes, also
 * where more was typed meanwhile, and leaves them with that until the next key. So it is remembered which text a save was of.
 */
export class OpenDocuments implements OpenEditors, Disposable {
  readonly #owned = new DisposableStore();
  readonly #didSettle = this.#owned.add(new Emitter<FilePlace>());
  /** By place, the version of the text that is being saved; `undefined` where more was typed by then. */
  readonly #saving = new Map<string, number | undefined>();
  /** Where more was typed while a save was under way. */
  readonly #typedMeanwhile = new Set<string>();

  /** Told when a document has no unsaved changes any more: its text is what was saved, or taken from the session. */
  readonly onDidSettle = this.#didSettle.event;

  constructor() {
    const { workspace } = vscode;
    this.#owned.add(workspace.onDidChangeTextDocument((event) => this.#changed(event)));
    this.#owned.add(workspace.onDidSaveTextDocument(({ uri }) => this.#saving.delete(keyIn(uri))));
    this.#owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.#saving.delete(keyIn(uri));
        this.#typedMeanwhile.delete(keyIn(uri));
      }),
    );
  }

  isOpen(place: FilePlace): boolean {
    return documentsOf(place).length > 0;
  }

  isDirty(place: FilePlace): boolean {
    return documentsOf(place).some(({ isDirty }) => isDirty) || this.#typedMeanwhile.has(keyOf(place));
  }

  saving(place: FilePlace, bytes: Uint8Array): () => void {
    const key = keyOf(place);
    const document = vscode.workspace.textDocuments.find(({ uri }) => keyIn(uri) === key);
    if (document !== undefined && this.isDirty(place)) {
      // VS Code takes the text, looks at the file, and writes then.
      const text = textIn(bytes);
      const isAll = text === undefined || text === document.getText();
      this.#saving.set(key, isAll ? document.version : undefined);
    }
    return () => this.#saving.delete(key);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #changed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const place = placeOf(document.uri);
    if (place === undefined || document.isDirty) {
      return;
    }
    const key = keyOf(place);
    const isOfSave = contentChanges.length === 0 && this.#saving.has(key);
    if (isOfSave && this.#saving.get(key) !== document.version) {
      this.#typedMeanwhile.add(key);
      return;
    }
    this.#typedMeanwhile.delete(key);
    this.#didSettle.fire(place);
  }
}

/** What bytes of UTF-8 say; `undefined` of other encodings. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text; // UTF-16
  } catch {
    return undefined;
  }
}

function keyIn(uri: vscode.Uri): string {
  const place = placeOf(uri);
  return place === undefined ? "" : keyOf(place);
}

function documentsOf(place: FilePlace): readonly { readonly isDirty: boolean }[] {
  const key = keyOf(place);
  return [...vscode.workspace.textDocuments, ...vscode.workspace.notebookDocuments].filter(
    ({ uri }) => keyIn(uri) === key,
  );
}
