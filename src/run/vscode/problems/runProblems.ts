import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { settings } from "../../../platform/settings.js";
import type { PathMap } from "../../problems/pathMap.js";
import type { OutputStream } from "../../problems/problemMatcher.js";
import { RunDiagnostics } from "./runDiagnostics.js";

/** Takes the output of one run; disposing it takes its problems out of the Problems view. */
export interface RunProblemFeed extends Disposable {
  /** Takes output as the program printed it. */
  feed(text: string, stream: OutputStream): void;
  /** The output is over; what it said stays in the view. */
  end(): void;
}

/**
 * What runs say about documents, in the Problems view. Problems stay while a document is edited, as those of a build do: they are
 * what is left to mend, and the first is seldom the only one. They go when the same file is run again, its terminal is closed,
 * or the document is gone: deleted, or closed without ever having had a file. Closing a saved one is no reason: going to a
 * problem of another file closes the preview that the run began from.
 */
export class RunProblems implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #collection = this.#owned.add(vscode.languages.createDiagnosticCollection("Backend.AI"));
  readonly #runs = new Map<string, RunDiagnostics>();

  constructor() {
    this.#owned.defer(() => this.#clearAll());
    this.#owned.add(
      vscode.workspace.onDidCloseTextDocument(({ uri, isUntitled }) => {
        if (isUntitled) {
          this.clear(uri.toString());
          this.#forget(uri.toString());
        }
      }),
    );
    this.#owned.add(
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        for (const uri of files) {
          this.#forget(uri.toString());
        }
      }),
    );
    this.#owned.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("backendai.run.problems") && !settings.runProblems()) {
          this.#clearAll();
        }
      }),
    );
  }

  /**
   * Begins a run: the problems of the run before it go, and those that others found in the same document.
   * @param runKey What runs of the same thing share: the URI of the document that is run.
   */
  begin(runKey: string, pathMap: PathMap): RunProblemFeed {
    this.clear(runKey);
    this.#forget(runKey);
    const run = new RunDiagnostics(pathMap, (uris) => {
      for (const uri of uris) {
        this.#publish(uri);
      }
    });
    if (settings.runProblems()) {
      this.#runs.set(runKey, run);
    } else {
      run.dispose();
    }
    return {
      feed: (text, stream) => run.feed(text, stream),
      end: () => run.end(),
      dispose: () => {
        if (this.#runs.get(runKey) === run) {
          this.clear(runKey);
        }
      },
    };
  }

  /** Takes the problems of a run out of the view. */
  clear(runKey: string): void {
    const run = this.#runs.get(runKey);
    this.#runs.delete(runKey);
    run?.dispose();
    for (const uri of run?.byDocument.keys() ?? []) {
      this.#publish(uri);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #clearAll(): void {
    for (const runKey of [...this.#runs.keys()]) {
      this.clear(runKey);
    }
  }

  /** Takes away what runs said about a document. */
  #forget(uri: string): void {
    for (const run of this.#runs.values()) {
      run.byDocument.delete(uri);
    }
    this.#publish(uri);
  }

  #publish(uri: string): void {
    const diagnostics = [...this.#runs.values()].flatMap((run) => run.byDocument.get(uri) ?? []);
    this.#collection.set(vscode.Uri.parse(uri), diagnostics);
  }
}
