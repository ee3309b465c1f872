import { type Column, columns } from "./columns.js";
import type { Operation } from "./operation.js";
import { type Outcome, outcomeWords } from "./outcome.js";

/** The outcomes by operation and fault; what is absent does not apply. */
export type Matrix = ReadonlyMap<Operation, ReadonlyMap<Column, Outcome>>;

/** `docs/reliability.md`. */
export function reliabilityPage(matrix: Matrix): string {
  const sentences = [
    ...new Set([...matrix.values()].flatMap((row) => [...row.values()].flatMap(sentenceOf))),
  ].sort();
  const operations = [...matrix.keys()];
  return [
    ...introduction,
    "## The signs",
    "",
    ...Object.values(outcomeWords).map(([sign, words]) => `- ${sign} ${words}`),
    "- An empty cell: the fault can't happen there.",
    "",
    "## The operations",
    "",
    "| operation | what it is |",
    "| --- | --- |",
    ...operations.map(({ name, words }) => `| ${name} | ${words} |`),
    "",
    "## The faults, and what becomes of each operation",
    "",
    ...columns.flatMap((column) => section(column, matrix, sentences)),
    "## What is told",
    "",
    ...sentences.map((sentence, index) => `${String(index + 1)}. ${escape(sentence)}`),
    "",
  ].join("\n");
}

const introduction = [
  "# Reliability",
  "",
  "Written by `npm test -- faults` (`UPDATE_GOLDENS=1 npm run test:faults`); not to be edited. Each line below is what a run of the real layers of the",
  "extension against the real local engine did, through a proxy that breaks connections as it is told (`test/faults/proxy`).",
  "",
  "Where a fault hits in the middle of a stream, the moment may decide which of two good ends comes (✓ back in place of ✗, another sentence):",
  "another run may write another one there. What holds in every cell is asserted in each run.",
  "",
  "In every cell holds: no byte is lost or doubled (contents are compared), what may be done once is done at most once (counted where the",
  "server keeps it), nothing hangs past its deadline, no connection is left open, no error escapes, and a person is told once, in a",
  "sentence that names the cause, with a way out.",
  "",
];

function section(column: Column, matrix: Matrix, sentences: readonly string[]): readonly string[] {
  const bySign = new Map<string, string[]>();
  for (const [operation, row] of matrix) {
    const outcome = row.get(column);
    if (outcome !== undefined) {
      const sign = signOf(outcome, sentences);
      bySign.set(sign, [...(bySign.get(sign) ?? []), operation.name]);
    }
  }
  return [
    `### ${column.name}`,
    "",
    column.words,
    "",
    "| outcome | operations |",
    "| --- | --- |",
    ...[...bySign]
      .sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }))
      .map(([sign, names]) => `| ${sign} | ${names.join(", ")} |`),
    "",
  ];
}

function signOf(outcome: Outcome, sentences: readonly string[]): string {
  const [sign] = outcomeWords[outcome.kind];
  const [sentence] = sentenceOf(outcome);
  return sentence === undefined ? sign : `${sign} ${String(sentences.indexOf(sentence) + 1)}`;
}

function sentenceOf(outcome: Outcome): readonly string[] {
  return "sentence" in outcome ? [outcome.sentence] : [];
}

function escape(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("|", "\\|").replaceAll("\n", " ");
}
