import { type Dialect, dialectFor } from "../../src/wire/dialect.js";
import { requirementOf } from "../../src/wire/features.js";
import { releases } from "../../src/wire/releases.js";
import { nameOf, rows } from "./calls.js";
import { applicability } from "./conformanceCase.js";
import type { NamedCase } from "./suite.js";

/** The cases that cover a row on servers of a dialect, apart by whether they try the call or prove that it is refused. */
export interface Cell {
  readonly tried: readonly string[];
  readonly refused: readonly string[];
}

/** What covers `row` on servers of a dialect. */
export function cellOf(row: string, dialect: Dialect, cases: readonly NamedCase[]): Cell {
  const covering = cases.filter(({ test }) => test.covers.some((covered) => covered === row));
  const kindOf = ({ test }: NamedCase): string => applicability(test, dialect, false).kind;
  const ids = (kind: string): string[] =>
    covering.filter((named) => kindOf(named) === kind).map(({ id }) => id);
  return { tried: ids("runs"), refused: ids("refused") };
}

/** `docs/calls.md`: which case covers which call in which dialect. */
export function callsPage(cases: readonly NamedCase[]): string {
  return [
    "# Calls and the cases that cover them",
    "",
    "Written by `test/conformance` (`UPDATE_GOLDENS=1 npm run test:conformance`); not to be edited. Every cell names the",
    "conformance cases that try the call, with that parameter, on a server of that release. *n/a* marks a call that the release",
    "lacks: the case behind it proves that the client says so with `UnsupportedError`.",
    "",
    "| call | " + releases.map(({ release }) => release).join(" | ") + " |",
    "| --- |" + releases.map(() => " --- |").join(""),
    ...rows.map((row) => `| ${nameOf(row)} | ${cellsOf(row, cases).join(" | ")} |`),
    "",
    "## Cases",
    ...groupsOf(cases),
    "",
  ].join("\n");
}

function cellsOf(row: string, cases: readonly NamedCase[]): string[] {
  return releases.map(({ apiVersion, manager }) => {
    const { tried, refused } = cellOf(row, dialectFor({ version: apiVersion, manager }), cases);
    const proven = refused.length === 0 ? "" : `*n/a* (${compress(refused)})`;
    return [compress(tried), proven].filter((text) => text !== "").join(" ") || "—";
  });
}

function groupsOf(cases: readonly NamedCase[]): string[] {
  const groups = [...new Set(cases.map(({ group }) => group))];
  return groups.flatMap((group) => [
    "",
    `### ${group.letter} · ${group.title}`,
    "",
    ...cases.filter((named) => named.group === group).map(lineOf),
  ]);
}

function lineOf({ id, test }: NamedCase): string {
  const needs = test.lacks === undefined ? "" : ` (${requirementOf(test.lacks.feature)})`;
  return `- **${id}** ${test.title}${needs}`;
}

/** `Q1 Q2 Q3 B7` as `Q1–3 B7`. */
function compress(ids: readonly string[]): string {
  const runs: { letter: string; first: number; last: number }[] = [];
  for (const id of ids) {
    const [letter, number] = [id.charAt(0), Number(id.slice(1))];
    const run = runs.at(-1);
    if (run?.letter === letter && run.last === number - 1) {
      run.last = number;
    } else {
      runs.push({ letter, first: number, last: number });
    }
  }
  return runs
    .map(({ letter, first, last }) => (first === last ? `${letter}${first}` : `${letter}${first}–${last}`))
    .join(" ");
}
