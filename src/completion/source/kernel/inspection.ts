import type { CallSignature, Description } from "../completionSource.js";
import { callInDocstring, readCall } from "./callText.js";

/** Longest that is told of an object, in characters. */
const documentationLimit = 8_000;
const valueLimit = 1_000;

/** What of it lines of IPython's report begin with, in any order; other lines go on with what came before. */
const titles = new Set([
  "Signature",
  "Init signature",
  "Call signature",
  "Docstring",
  "Class docstring",
  "Init docstring",
  "Call docstring",
  "Type",
  "String form",
  "Length",
  "File",
  "Namespace",
  "Repr",
  "Source",
  "Subclasses",
]);

/** IPython's report on an object, by its titles. */
type Report = ReadonlyMap<string, string>;

/** Reads what IPython tells of an object as plain text, with colours of a terminal in it. */
function readReport(text: string): Report {
  const report = new Map<string, string>();
  let title: string | undefined;

  for (const line of text.replaceAll(/\x1b\[[\d;]*m/g, "").split(/\r?\n/)) {
    const [, found, rest = ""] = /^([A-Z][A-Za-z ]*):(?:[ \t]+(.*))?$/.exec(line) ?? [];
    if (found !== undefined && titles.has(found) && !report.has(found)) {
      title = found;
      report.set(title, rest.trim());
    } else if (title !== undefined) {
      report.set(title, `${report.get(title) ?? ""}\n${line}`);
    }
  }
  return new Map([...report].map(([name, value]) => [name, value.replace(/^\n+/, "").trimEnd()]));
}

/** What the kernel's report says of a name; texts of kernels without IPython's form are documentation. */
export function descriptionOf(expression: string, text: string): Description | undefined {
  const report = readReport(text);
  if (report.size === 0) {
    const plain = text.trim();
    return plain === "" ? undefined : { documentation: plain.slice(0, documentationLimit) };
  }
  const type = report.get("Type");
  const label = callIn(expression, report)?.label;
  const isCode = label !== undefined || type === "module" || type === "type";
  const value = report.get("String form");
  return {
    signature: label ?? (isCode ? undefined : type),
    type,
    value: isCode || value === undefined ? undefined : value.slice(0, valueLimit),
    documentation: documentationIn(report),
  };
}

/** How the kernel's report says that a name is called. */
export function callSignatureOf(callee: string, text: string): CallSignature | undefined {
  const report = readReport(text);
  const found = callIn(callee, report);
  return found && { ...found, documentation: documentationIn(report) };
}

/** All of a call, and each of its parameters. */
type Call = Pick<CallSignature, "label" | "parameters">;

function callIn(expression: string, report: Report): Call | undefined {
  const name = expression.slice(expression.lastIndexOf(".") + 1);
  const declared = report.get("Call signature") ?? report.get("Signature") ?? report.get("Init signature");
  // What is written in C tells its parameters in its first words alone.
  const isVague = declared === undefined || declared.endsWith("(self, /, *args, **kwargs)");
  const documented = isVague ? callInDocstring(name, report.get("Docstring") ?? "") : undefined;
  const call = documented ?? readCall(declared ?? "");
  return call && { label: name + call.text, parameters: call.parameters };
}

function documentationIn(report: Report): string | undefined {
  const parts = ["Docstring", "Class docstring", "Init docstring", "Call docstring"]
    .map((title) => report.get(title)?.trim() ?? "")
    .filter((text) => text !== "" && text !== "<no docstring>");
  return parts.length === 0 ? undefined : parts.join("\n\n").slice(0, documentationLimit);
}
