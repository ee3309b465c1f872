import * as vscode from "vscode";
import { CoalescedTask } from "../../../base/coalesce.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { PathMap } from "../../problems/pathMap.js";
import type { Problem } from "../../problems/problem.js";
import type { OutputStream, ProblemMatcher } from "../../problems/problemMatcher.js";
import { diagnosticOf, type Source } from "./diagnostics.js";
import { sourceLines } from "./sourceLines.js";

/** After so long without output, what may be complete is shown, in milliseconds. */
const pauseMs = 500;

/** The problems of one run, as they come. */
export class RunDiagnostics implements Disposable {
  /** By URI of the document. */
  readonly byDocument = new Map<string, vscode.Diagnostic[]>();
  readonly #map: PathMap;
  readonly #onChange: (uris: readonly string[]) => void;
  /** Its formats are read with the first run. */
  readonly #matcher: Promise<ProblemMatcher>;
  readonly #sources = new Map<string, Promise<Source | undefined>>();
  readonly #placing = new CoalescedTask(() => this.#place());
  #found: Problem[] = [];
  #pause: NodeJS.Timeout | undefined;
  #isDisposed = false;

  /** @param onChange Told the URIs of documents whose problems are more now. */
  constructor(map: PathMap, onChange: (uris: readonly string[]) => void) {
    this.#map = map;
    this.#onChange = onChange;
    const isOurs = (file: string): boolean => map.localUri(file) !== undefined;
    this.#matcher = import("../../problems/problemMatcher.js").then(
      ({ ProblemMatcher: Matcher }) => new Matcher({ isOurs }),
    );
  }

  /** Takes output. */
  feed(text: string, stream: OutputStream): void {
    if (!this.#isDisposed) {
      this.#ask((matcher) => matcher.feed(text, stream));
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.#ask((matcher) => matcher.settle()), pauseMs);
    }
  }

  /** The output is over. */
  end(): void {
    clearTimeout(this.#pause);
    if (!this.#isDisposed) {
      this.#ask((matcher) => matcher.end());
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#pause);
  }

  /** In the order of the questions. */
  #ask(question: (matcher: ProblemMatcher) => readonly Problem[]): void {
    this.#matcher.then((matcher) => this.#take(question(matcher))).catch(() => undefined); // without its part on disk the extension has no problems to show
  }

  #take(problems: readonly Problem[]): void {
    if (problems.length > 0 && !this.#isDisposed) {
      this.#found.push(...problems);
      void this.#placing.run();
    }
  }

  /** Finds the documents of what was found; never rejects. */
  async #place(): Promise<void> {
    const found = this.#found;
    this.#found = [];
    const placed = await Promise.all(found.map((problem) => diagnosticOf(problem, (f) => this.#source(f))));
    const changed = new Set<string>();
    for (const { uri, diagnostic } of placed.filter((one) => one !== undefined)) {
      const key = uri.toString();
      this.byDocument.set(key, [...(this.byDocument.get(key) ?? []), diagnostic]);
      changed.add(key);
    }
    if (!this.#isDisposed) {
      this.#onChange([...changed]);
    }
  }

  /** Each document is read once a run: what ran is what it was at its beginning. */
  #source(remoteFile: string): Promise<Source | undefined> {
    const known = this.#sources.get(remoteFile);
    if (known !== undefined) {
      return known;
    }
    const uri = vscode.Uri.parse(this.#map.localUri(remoteFile) ?? "");
    const source = sourceLines(uri).then((lines) => lines && { uri, lines });
    this.#sources.set(remoteFile, source);
    return source;
  }
}
