import { PathMap } from "../../../../../src/run/problems/pathMap.js";
import type { Problem } from "../../../../../src/run/problems/problem.js";
import { ProblemMatcher } from "../../../../../src/run/problems/problemMatcher.js";
import { stretchOf } from "../../../../../src/run/problems/sourceRange.js";

/** The files of a run by their places below `/home/work`. */
export type Files = Readonly<Record<string, string>>;

/** A path map for files that were all sent. */
export function mapOf(files: Files): PathMap {
  return new PathMap(Object.keys(files).map((remotePath) => ({ remotePath, uri: `test:/${remotePath}` })));
}

/** The problems in some output. `folder`: where the program ran in place of `/home/work`. */
export function findProblems(output: string, files: Files, folder?: string): readonly Problem[] {
  const map = mapOf(files);
  const matcher = new ProblemMatcher({ isOurs: (file) => map.localUri(file) !== undefined });
  const text = folder === undefined ? output : output.replaceAll(folder, "/home/work");
  return [...matcher.feed(text, "stderr"), ...matcher.end()];
}

/** A problem in a line, with the source that it means: `error main.c:3 [oops] undeclared (-Wx)`. */
export function shown(problem: Problem, files: Files): string {
  const name = mapOf(files).localUri(problem.remoteFile)?.slice("test:/".length) ?? "?";
  const line = files[name]?.split("\n")[problem.line - 1] ?? "";
  const { start, end } = stretchOf(line, problem);
  const code = problem.code === undefined ? "" : ` (${problem.code})`;
  const { severity, source, message } = problem;
  return `${source} ${severity} ${name}:${String(problem.line)} [${line.slice(start, end)}] ${message}${code}`;
}
