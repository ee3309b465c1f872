import { type Defect, type DefectName, defectNames, defects, hasDefect } from "../../src/wire/defects.js";
import { dialectFor } from "../../src/wire/dialect.js";
import { nameOf, rows } from "./calls.js";
import { applicability } from "./conformanceCase.js";
import type { Recording } from "./recordings.js";
import type { NamedCase } from "./suite.js";

/** How a row of the table stands on one server. */
interface Cell {
  readonly verdict: "works" | "detour" | "partly" | "can't" | "unproven" | "absent" | "untried";
  readonly defects: readonly DefectName[];
}

const words: Readonly<Record<Cell["verdict"], string>> = {
  works: "works",
  detour: "by a detour",
  partly: "partly",
  "can't": "**can't**",
  unproven: "not proven",
  absent: "*not in this release*",
  untried: "not tried",
};

/** `docs/compatibility.md`: what each real server did with each call, as the suite recorded it. */
export function compatibilityPage(recordings: readonly Recording[], cases: readonly NamedCase[]): string {
  return [
    "# What works on which server",
    "",
    "Written by `test/conformance` from what it recorded on real clusters (`test/conformance/recorded`); not to be edited. The same cases",
    "pass on the local engine in every dialect ([calls.md](calls.md)). A letter names the defect below the table that explains a cell.",
    "",
    `| call | ${recordings.map(({ manager }) => manager).join(" | ")} |`,
    `| --- |${recordings.map(() => " --- |").join("")}`,
    ...rows.map((row) => {
      const cells = recordings.map((recording) => shown(cellOf(row, recording, cases)));
      return `| ${nameOf(row)} | ${cells.join(" | ")} |`;
    }),
    "",
    "- **works**: every case of the call passed.",
    "- **by a detour**: every case passed, because the client goes round the defect.",
    "- **partly**: some cases passed; what the others tried is what the defect names.",
    "- **can't**: the server has the call, and fails it. What the extension offers instead stands with the defect.",
    "- not proven: the call answers, but its proof needs a program to run, which the server can't.",
    "- *not in this release*: the client says so with `UnsupportedError` before it sends anything.",
    "- not tried: it depends on the installation, or would leave something behind.",
    "",
    "## Known defects",
    "",
    "| | servers | what they do | what the extension does | recording |",
    "| --- | --- | --- | --- | --- |",
    ...defectNames.map((name) => defectRow(name, recordings)),
    "",
    "## Cases that a server was excused from",
    ...recordings.flatMap((recording) => excused(recording, cases)),
    "",
  ].join("\n");
}

function cellOf(
  row: string,
  { manager, apiVersion, cases: recorded }: Recording,
  cases: readonly NamedCase[],
): Cell {
  const dialect = dialectFor({ version: apiVersion, manager });
  const covering = cases.filter(({ test }) => test.covers.some((covered) => covered === row));
  const refused = covering.filter(({ test }) => applicability(test, dialect, true).kind === "refused");
  const outcomes = covering
    .filter((named) => !refused.includes(named))
    .flatMap(({ test }) => recorded[test.title] ?? []);
  const passed = outcomes.filter((outcome) => outcome === "passed").length;
  const missed = outcomes.flatMap((outcome) => (outcome === "passed" ? [] : [outcome]));
  const met = unique(missed.flatMap((outcome) => ("defect" in outcome ? [outcome.defect] : [])));
  // Most cases look at their result with a program; that none runs there says nothing of the call itself.
  const inTheWay = isAboutRunning(row) ? met : met.filter((defect) => defect !== "executeFails");
  const goneRound = defectNames.filter((name) => hasDefect(manager, name) && detours(defects[name], row));
  const isUseless = inTheWay.some((defect) => defects[defect].fails?.includes(row) ?? false);
  if (passed > 0 && !isUseless) {
    const verdict = inTheWay.length > 0 ? "partly" : goneRound.length > 0 ? "detour" : "works";
    return { verdict, defects: [...inTheWay, ...goneRound] };
  }
  if (inTheWay.length > 0) {
    return { verdict: "can't", defects: inTheWay };
  }
  if (met.length > 0) {
    return { verdict: "unproven", defects: met };
  }
  return { verdict: outcomes.length === 0 && refused.length > 0 ? "absent" : "untried", defects: [] };
}

function isAboutRunning(row: string): boolean {
  return /^(stream_)?execute|^interrupt|startup_command/.test(row);
}

function detours({ detour }: Defect, row: string): boolean {
  return detour?.some((call) => call === row) ?? false;
}

function shown({ verdict, defects: names }: Cell): string {
  const letters = unique(names).map(letterOf).sort();
  return letters.length === 0 ? words[verdict] : `${words[verdict]} (${letters.join(", ")})`;
}

function defectRow(name: DefectName, recordings: readonly Recording[]): string {
  const { since, until, does, instead, proof }: Defect = defects[name];
  const span = until === undefined ? `${since} on` : `${since} until before ${until}`;
  const here = recordings.filter(({ manager }) => hasDefect(manager, name)).map(({ manager }) => manager);
  const where = here.length === 0 ? span : `${span}; here ${here.join(", ")}`;
  const recording = `[${proof}](../test/golden/${proof}.json)`;
  return `| **${letterOf(name)}** \`${name}\` | ${where} | ${does} | ${instead} | ${recording} |`;
}

function excused({ manager, cases: recorded }: Recording, cases: readonly NamedCase[]): string[] {
  const lines = cases.flatMap(({ id, test }) => {
    const outcome = recorded[test.title];
    if (outcome === undefined || outcome === "passed") {
      return [];
    }
    const why = "reason" in outcome ? outcome.reason : `defect ${letterOf(outcome.defect)}`;
    return [`- **${id}** ${test.title}: ${why}`];
  });
  return ["", `### ${manager}`, "", ...lines];
}

function letterOf(name: DefectName): string {
  return String.fromCharCode("a".charCodeAt(0) + defectNames.indexOf(name));
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
