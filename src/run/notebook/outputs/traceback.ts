import { shorten } from "../../../base/text.js";
import type { CellError } from "./cellOutput.js";

/** Characters of a message that are kept: it may be the `repr` of anything. */
const messageLimit = 2000;

/** Characters of a stack that are kept at its beginning and at its end. */
const stackLimit = 100_000;

/** An error that an interpreter reported on standard error. */
export interface FoundError {
  /** Where its report begins in the text. */
  readonly start: number;
  readonly error: CellError;
  /**
   * Whether only an interpreter writes such a report, about code that it gave up. Another one may be what the program itself
   * printed about an error that it caught.
   */
  readonly isCertain: boolean;
}

/** A form of report. */
interface ReportForm {
  /** Where it begins in text without colours; -1 where there is none. */
  readonly begin: (plain: string) => number;
  /** Finds its name and its message; without it, as Python does. */
  readonly words?: RegExp;
  readonly isCertain: boolean;
}

const forms: readonly ReportForm[] = [
  // IPython, as the Python sessions of real servers have it
  { begin: first(/^-{60,}\n[\w.]+ +Traceback \(most recent call last\)/m), isCertain: true },
  { begin: first(/^ {2}Cell In ?\[\d+\], line \d+\n/m), isCertain: true },
  {
    begin: first(/^An exception has occurred, use %tb to see/m),
    words: /\n(SystemExit): ?(.*)/,
    isCertain: true,
  },
  { begin: first(/^UsageError: /m), isCertain: true },
  // Python itself, as on the local engine
  { begin: first(/^Traceback \(most recent call last\):\n/m), isCertain: false },
  { begin: first(/^ {2}File .+, line \d+\n/m), isCertain: false },
  // IRkernel and IJulia
  {
    begin: lastBefore("\nTraceback:\n", /^Error\b.*/gm),
    words: /^(Error)(?: in .*?)?: *\n?([^]*?)\n+Traceback:/,
    isCertain: true,
  },
  {
    begin: lastBefore("\nStacktrace:\n", /^\w+(?:Error|Exception)\b.*/gm),
    words: /^(\w+):? ?([^]*?)\n+Stacktrace:/,
    isCertain: true,
  },
];

function first(pattern: RegExp): (plain: string) => number {
  return (plain) => plain.search(pattern);
}

/** The last line like `pattern` before the stack, which those interpreters print below the message. */
function lastBefore(stack: string, pattern: RegExp): (plain: string) => number {
  return (plain) => {
    const end = plain.indexOf(stack);
    return end < 0 ? -1 : ([...plain.slice(0, end).matchAll(pattern)].at(-1)?.index ?? -1);
  };
}

const ansi = /\x1b\[[\d;]*m/g;

/** The report of an error in what a program wrote to standard error; the first that begins there, to the end of the text. */
export function findError(text: string): FoundError | undefined {
  const plain = text.replace(ansi, "");
  const found = forms
    .map((form) => ({ form, at: form.begin(plain) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)[0];
  if (found === undefined) {
    return undefined;
  }
  const { form, at } = found;
  const { name, message } = lastWords(plain.slice(at).trimEnd(), form);
  const start = colouredIndex(text, at);
  return { start, error: { name, message, stack: bounded(text.slice(start)) }, isCertain: form.isCertain };
}

function lastWords(
  report: string,
  { words = /^((?:\w+\.)*\w+)(?:: ?([^]*))?$/ }: ReportForm,
): { readonly name: string; readonly message: string } {
  // for programs
  const [, name = "Error", message = ""] =
    words.exec(report) ?? words.exec(report.slice(nameIndex(report))) ?? [];
  return { name, message: shorten(message.trim(), messageLimit) };
}

/**
 * Where a report of Python names its error. A message may have lines that look like names, so the head of an IPython report
 * tells the name, and the frames of a plain one end where indentation does.
 */
function nameIndex(report: string): number {
  const head = [...report.matchAll(/^([\w.]+) +Traceback \(most recent call last\)/gm)].at(-1)?.[1];
  if (head !== undefined) {
    return report.lastIndexOf(`\n${head}:`) + 1;
  }
  const frames = report.lastIndexOf("Traceback (most recent call last):\n"); // for programs
  const from = frames < 0 ? 0 : report.indexOf("\n", frames) + 1;
  const name = /^[A-Za-z_][\w.]*(?::|$)/m.exec(report.slice(from));
  return name === null ? 0 : from + name.index;
}

/** The index in `text` of the character that has index `plainIndex` without colours; the colours right before it count to it. */
function colouredIndex(text: string, plainIndex: number): number {
  let plain = 0;
  let end = 0;
  for (const match of text.matchAll(ansi)) {
    if (plain + (match.index - end) >= plainIndex) {
      break;
    }
    plain += match.index - end;
    end = match.index + match[0].length;
  }
  return end + (plainIndex - plain);
}

function bounded(stack: string): string {
  return stack.length <= 2 * stackLimit
    ? stack
    : `${stack.slice(0, stackLimit)}\x1b[0m\n[…]\n${stack.slice(-stackLimit)}`;
}
