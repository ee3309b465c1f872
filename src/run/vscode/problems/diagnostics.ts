import * as vscode from "vscode";
import type { Place, Problem, Severity } from "../../problems/problem.js";

/** The document of a place, and its lines. */
export interface Source {
  readonly uri: vscode.Uri;
  readonly lines: readonly string[];
}

/** Finds the document of a place; `undefined` where there is none here. */
export type SourceOf = (remoteFile: string) => Promise<Source | undefined>;

/** A problem as VS Code shows it, with its document; `undefined` where that is not here. */
export async function diagnosticOf(
  problem: Problem,
  sourceOf: SourceOf,
): Promise<{ readonly uri: vscode.Uri; readonly diagnostic: vscode.Diagnostic } | undefined> {
  const source = await sourceOf(problem.remoteFile);
  if (source === undefined) {
    return undefined;
  }
  // Unicode's rules for the width of characters come with it, and take long to read.
  const { stretchOf } = await import("../../problems/sourceRange.js");
  const rangeIn = (place: Place, { lines }: Source): vscode.Range => {
    // A line behind the last one is the last: an unexpected end of the file, or a file that was shortened since.
    const line = Math.max(0, Math.min(place.line, lines.length) - 1);
    const { start, end } = stretchOf(lines[line] ?? "", place);
    return new vscode.Range(line, start, line, end);
  };
  const { message, severity, code } = problem;
  const diagnostic = new vscode.Diagnostic(rangeIn(problem, source), message, severities[severity]);
  diagnostic.source = `${problem.source} (Backend.AI)`;
  if (code !== undefined) {
    diagnostic.code = code;
  }
  const related = await Promise.all(
    (problem.related ?? []).map(async (place) => {
      const of = await sourceOf(place.remoteFile);
      const location = of && new vscode.Location(of.uri, rangeIn(place, of));
      return location && new vscode.DiagnosticRelatedInformation(location, place.message);
    }),
  );
  diagnostic.relatedInformation = related.filter((information) => information !== undefined);
  return { uri: source.uri, diagnostic };
}

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};
