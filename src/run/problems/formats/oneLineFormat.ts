import type { Severity } from "../problem.js";
import type { Format, FormatContext } from "./format.js";

/** A message in one line. Groups: `file`, `line`, `message`; `kind` where it tells how grave it is, `near` for more words. */
interface LineForm {
  readonly source: string;
  readonly pattern: RegExp;
}

const forms: readonly LineForm[] = [
  // Warnings of Python, and how pytest ends: `a.py:3: UserWarning: careful`
  {
    source: "python",
    pattern:
      /^(?<file>[^:]+\.pyw?):(?<line>\d+): (?<message>(?<kind>[\w.]*(?:Warning|Error|Exception))(?:: .*)?)$/,
  },
  // Without the terminal's copy in the log, which says the same.
  {
    source: "php",
    pattern: /^(?:PHP )?(?<kind>[A-Z][a-z ]+?): +(?<message>.+) in (?<file>\S+)(?: on line |:)(?<line>\d+)$/,
  },
  {
    source: "perl",
    pattern:
      /^(?!BEGIN failed)(?<message>.+) at (?<file>\S+) line (?<line>\d+)(?:\.|, (?:(?<near>near .*)|at EOF|<.*>.*))$/,
  },
  { source: "bash", pattern: /^(?<file>[^:]+): line (?<line>\d+): (?<message>.+)$/ },
  { source: "lua", pattern: /^\S*lua[\w.]*: (?<file>[^:]+):(?<line>\d+): (?<message>.+)$/ },
  {
    source: "make",
    pattern: /^make(?:\[\d+\])?: \*\*\* (?<message>\[(?<file>[^:\]]+):(?<line>\d+): [^\]]+\] Error \d+)/,
  },
  { source: "make", pattern: /^(?<file>[^\s:]+):(?<line>\d+): \*\*\* (?<message>.*?)(?: {2}Stop\.)?$/ },
  // Of the linker; without debugging information it names a section in place of a line.
  {
    source: "ld",
    pattern:
      /^(?:\S*ld: )?(?<file>[^\s:]+):(?:(?<line>\d+)|\(\.[^()]+\)): (?<message>(?:undefined reference|multiple definition) .*)$/,
  },
  // `assert` of C.
  {
    source: "assert",
    pattern: /^[^\s:]+: (?<file>[^\s:]+):(?<line>\d+): (?<message>.*Assertion .* failed\.)$/,
  },
];

/** How Perl begins what it warns of by itself; what else it says this way ends the program, as a rule. */
const perlWarning =
  /^(?:Use of uninitialized|Useless use|Name ".*" used only once|Argument ".*" isn't|"\w+" variable|Odd number of|Subroutine \S+ redefined|Scalar value|Found = in|Possible |Unquoted string|Deep recursion)/;

/** Messages of one line each: warnings of Python, PHP, Perl, shells, Lua, make, the linker, assertions. */
export class OneLineFormat implements Format {
  readonly #context: FormatContext;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(line: string): void {
    if (!/\d/.test(line)) {
      return;
    }
    for (const { source, pattern } of forms) {
      const { file, line: at = "1", message, kind, near } = pattern.exec(line)?.groups ?? {};
      if (file !== undefined && message !== undefined) {
        const severity = severityOf(source, kind, message);
        const words = near === undefined ? message : `${message}, ${near}`;
        this.#context.report({ remoteFile: file, line: Number(at), severity, message: words, source });
        return;
      }
    }
  }

  settle(): void {
    // a line is complete
  }

  end(): void {
    // a line is complete
  }
}

function severityOf(source: string, kind: string | undefined, message: string): Severity {
  const isWarning =
    source === "perl" ? perlWarning.test(message) : /warning|notice|deprecated/i.test(kind ?? "");
  return isWarning ? "warning" : "error";
}
