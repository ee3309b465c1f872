/** Finds out what the secrets of a run are: keys that programs make for themselves are known to nobody else. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sweptPrefix } from "../../../src/engine/abandoned.js";
import type { SeenProcess } from "../../support/leaks/processSampler.js";
import type { SecretSearch } from "../../support/leaks/secretSearch.js";

/** Variables whose values are secrets, of windows and of engines. */
const secretVariable = /^(BACKEND(?:AI)?_\w*(?:SECRET|PASSWORD|TOKEN)\w*)=(.{8,})$/;

/** Where a session keeps the key that opens its sshd. */
const keyFile = "work/id_container";

/** Adds the secrets of a window, of the engines that it or this process started, and of their sessions to a search. */
export class RunSecrets {
  readonly #search: SecretSearch;
  readonly #mark: string;
  readonly #own = new Set([process.pid]);
  #hasSeenWindow = false;

  /** @param profile The folder that the window's processes have in `VSCODE_TEST_PROFILE`. */
  constructor(search: SecretSearch, profile: string) {
    this.#search = search;
    this.#mark = `VSCODE_TEST_PROFILE=${profile}`;
  }

  /** Whether a process of the window was among those that were looked at. */
  get hasSeenWindow(): boolean {
    return this.#hasSeenWindow;
  }

  /** Takes the keys of a process that belongs to the run. */
  learn({ pid, variables }: SeenProcess): void {
    const isOfWindow = variables.includes(this.#mark);
    this.#hasSeenWindow ||= isOfWindow;
    if (isOfWindow || parentOf(pid) === process.pid) {
      this.#own.add(pid);
      this.add(variables);
    }
  }

  /** @param variables `NAME=value` each. */
  add(variables: readonly string[]): void {
    for (const [, name = "", value = ""] of variables.map(
      (variable) => secretVariable.exec(variable) ?? [],
    )) {
      if (value !== "") {
        this.#search.add(name, value);
      }
    }
  }

  /** Takes the private keys of the sessions that there are now. */
  learnSessionKeys(): void {
    for (const engine of engineFolders().filter((folder) => this.#own.has(ownerOf(folder)))) {
      for (const session of namesIn(path.join(engine, "sessions"))) {
        const key = textOf(path.join(engine, "sessions", session, keyFile));
        if (key !== "") {
          this.#search.add(`the ssh key of ${session}`, key);
        }
      }
    }
  }
}

/** Whether a folder is the data of an engine that still serves: the keys of its sessions belong there. */
export function isOfRunningEngine(folder: string): boolean {
  return path.basename(folder).startsWith(sweptPrefix) && existsSync(`/proc/${String(ownerOf(folder))}`);
}

/**
 * What the extension has put among the temporary files since then and not taken away.
 * @param since In milliseconds.
 */
export function temporaryFiles(since: number): readonly string[] {
  const parents = [os.tmpdir(), process.env["XDG_RUNTIME_DIR"] ?? ""].filter((parent) => parent !== "");
  return parents
    .flatMap((parent) => namesIn(parent).map((name) => path.join(parent, name)))
    .filter((place) => /^(?:backendai-(?:ssh|kept|upload|engine)-|bai-)/.test(path.basename(place)))
    .filter((place) => (statSync(place, { throwIfNoEntry: false })?.birthtimeMs ?? 0) >= since);
}

function engineFolders(): readonly string[] {
  const names = namesIn(os.tmpdir()).filter((name) => name.startsWith(sweptPrefix));
  return names.map((name) => path.join(os.tmpdir(), name));
}

/** The process that an engine's folder belongs to; 0 for none. */
function ownerOf(folder: string): number {
  return Number(textOf(path.join(folder, "owner.pid")));
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(textOf(`/proc/${String(pid)}/status`))?.[1]);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
