import type { StepPlan } from "./stepPlan.js";

/** What a default step is decided from. */
export interface Workspace {
  /** Whether `/home/work/<name>` exists. */
  has(name: string): boolean;
  /** Files below `/home/work` that end in `extension` (with its dot), relative, sorted; hidden folders are left out. */
  files(extension: string): string[];
}

/** How one language is built and run (`protocol.md` §9.2). `tool` is the language's command, quoted for the shell. */
export interface Language {
  /** The meaning of `clean: "*"`. */
  readonly clean: (workspace: Workspace) => StepPlan;
  /** The meaning of `build: "*"` where there is no Makefile. */
  readonly build: (workspace: Workspace, tool: string) => StepPlan;
  /** The meaning of `exec: "*"`. */
  readonly exec: (workspace: Workspace, tool: string) => StepPlan;
  /** How a query without state runs; absent for languages with a persistent runner. */
  readonly query?: OneShotQuery;
}

/** A query that is a program of its own. */
export interface OneShotQuery {
  /** Name of the file that the code is put into. */
  fileName(code: string): string;
  /** The code as it goes into the file. */
  wrap?(code: string): string;
  /** A shell script that builds and runs `$1`, with `$2` as the name for an executable; `$0` is the language's command. */
  readonly script: string;
}
