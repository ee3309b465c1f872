/**
 * How large the extension is, what of it is read when, and what its activation costs in a real VS Code. Milliseconds are those of this
 * computer; beside an extension that does nothing they are a ratio.
 */
import { Report } from "./harness/report.js";
import { median, middleHalf } from "./harness/numbers.js";
import { type Activations, measureActivations } from "./size/activations.js";
import { type BuiltFile, builtFile, packExtension, partWith } from "./size/extensionPackage.js";

const starts = Number(process.env["BENCH_STARTS"] ?? 6);
const bars = { entryKB: 400, vsixMB: 2.5, activationMs: 15 };

const report = new Report("this computer, in a VS Code of its own for the browser");

for (const [name, what] of [
  ["extension", "the extension's main file"],
  ["rooms", "all that is read together when it is first used"],
  ["engine", "the local engine, a process of its own"],
  ["proxy", "the proxy of other ssh programs, a process of its own"],
] as const) {
  const { bytes } = await builtFile(`${name}.cjs`);
  report.figure({
    id: `entry/${name}`,
    what: `${what}, minified`,
    value: bytes / 1000,
    unit: "kB",
    ...((name === "extension" || name === "rooms") && { bar: { atMost: bars.entryKB } }),
  });
}
/** What only some need, or nobody at once. */
const heavy = new Map<string, BuiltFile>();
for (const name of ["undici", "ws", "ssh2", "tar", "picomatch"]) {
  heavy.set(name, await builtFile(`vendor/${name}.cjs`));
}
heavy.set("the language client", await partWith("vscode-languageclient"));
const vsix = await packExtension();
try {
  report.figure({
    id: "vsix",
    what: "the package (VSIX)",
    value: vsix.bytes / 1e6,
    unit: "MB",
    bar: { atMost: bars.vsixMB },
  });
  tellActivations(await measureActivations(vsix.file, starts));
} catch (error) {
  report.failure("activation in VS Code", error);
} finally {
  await vsix.remove();
}

function tellActivations({ each, installedBytes }: Activations): void {
  report.figure({ id: "installed", what: "installed by VS Code", value: installedBytes / 1e6, unit: "MB" });
  const [first] = each;
  const read = new Set(first?.files);
  report.figure({
    id: "read",
    what: `read at activation: ${read.size === 1 ? "the main file" : `the main file and ${read.size - 1} more`}`,
    value: median(each.map(({ bytes }) => bytes)) / 1000,
    unit: "kB",
    bar: { atMost: bars.entryKB },
  });
  for (const [name, { bytes }] of heavy) {
    const what = `${name}, read when first needed`;
    report.figure({ id: `later/${name.replaceAll(" ", "-")}`, what, value: bytes / 1000, unit: "kB" });
  }
  report.figure({
    id: "heavy-read",
    what: "of these, read at activation",
    value: [...heavy.values()].filter(({ name }) => read.has(name)).length,
    unit: "",
    bar: { atMost: 0 },
  });
  report.figure({
    id: "requests",
    what: "sockets opened and requests made by activation",
    value: Math.max(...each.map(({ requests }) => requests)),
    unit: "",
    bar: { atMost: 0 },
  });
  report.figure({
    id: "first-use/read",
    what: "read when the extension is first used in a window",
    value: median(each.map(({ firstUseBytes }) => firstUseBytes)) / 1000,
    unit: "kB",
  });
  const firstUses = each.map(({ firstUseMs }) => firstUseMs);
  report.figure({
    id: "first-use",
    what: "how much longer the first use takes than the second",
    value: median(firstUses),
    unit: "ms",
    spread: middleHalf(firstUses),
  });
  const ours = each.map(({ oursMs }) => oursMs);
  report.figure({
    id: "activation",
    what: `script time of activation, median of ${each.length} windows`,
    value: median(ours),
    unit: "ms",
    spread: middleHalf(ours),
    bar: { atMost: bars.activationMs },
  });
  // VS Code tells whole milliseconds, and an empty extension takes less than one: a millisecond is the least that both count as.
  const ratios = each.map(({ oursMs, emptyMs }) => Math.max(1, oursMs) / Math.max(1, emptyMs));
  report.figure({
    id: "activation/empty",
    what: "the same",
    against: "an extension that does nothing, in the same windows",
    value: median(ratios),
    unit: "×",
    spread: middleHalf(ratios),
  });
}
