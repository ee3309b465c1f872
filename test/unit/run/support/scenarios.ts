import type { Carrier } from "../../../../src/run/carriers/carrierChoice.js";
import { until } from "../../../support/until.js";
import type { OpenRun, TestRun } from "./openRun.js";

/** What a scenario may do while its run is under way. */
export interface Stage {
  readonly run: OpenRun;
  /** Begins another run of the session. */
  readonly start: (test: TestRun) => OpenRun;
  /** Breaks all connections. */
  readonly cut: () => void;
  /** Lets a program that waits for it go on. */
  readonly go: () => Promise<void>;
}

/** A run whose terminal is written down. */
export interface Scenario {
  readonly name: string;
  readonly carriers?: readonly Carrier[];
  /** Before it; what it returns is ended after it. */
  readonly before?: (start: Stage["start"]) => Promise<OpenRun>;
  readonly test: TestRun;
  /** Columns of the screen; usually 80. */
  readonly cols?: number;
  readonly act?: (stage: Stage) => Promise<void>;
}

const shows = async ({ run }: Stage, words: string): Promise<void> => {
  await until(`“${words}”`, () => run.shown().includes(words));
};

const python = (...lines: readonly string[]): TestRun => ({
  code: [...lines, ""].join("\n"),
  options: { env: { PYTHON_COLORS: "0" } }, // newer ones paint their tracebacks
});

const sh = (code: string, options: TestRun["options"] = {}): TestRun => ({
  code,
  file: "a.sh",
  languageId: "shellscript",
  options,
});

const bytes = (...pieces: readonly string[]): TestRun =>
  python(
    "import sys, time",
    `for piece in [${pieces.join(", ")}]:`,
    "    sys.stdout.buffer.write(piece)",
    "    sys.stdout.flush()",
    "    time.sleep(0.05)",
  );

/** What terminals of runs are known to show. */
export const scenarios: readonly Scenario[] = [
  { name: "success", test: python("print('one')", "print('two')") },
  { name: "failure", test: python("import sys", "print('no line end', end='')", "sys.exit(3)") },
  { name: "traceback", test: python("raise ValueError('no')"), cols: 300 },
  {
    name: "build-failure",
    test: sh("echo never\n", { build: "echo 'a.c:1: error: no such thing' >&2; exit 2" }),
  },
  {
    name: "input",
    test: python("print('<' + input('name? ') + '>')"),
    act: async (stage: Stage): Promise<void> => {
      await shows(stage, "name? ");
      stage.run.run.input("ab\x7fc\r");
    },
  },
  {
    name: "password",
    test: python("import getpass", "print(len(getpass.getpass('secret: ')))"),
    act: async (stage: Stage): Promise<void> => {
      await shows(stage, "secret: ");
      stage.run.run.input("hidden\r");
    },
  },
  {
    name: "stop",
    test: sh("trap 'echo bye; exit 7' INT\necho up\nwhile :; do sleep 0.05; done\n"),
    act: async (stage: Stage): Promise<void> => {
      await shows(stage, "\r\nup");
      stage.run.run.stop();
    },
  },
  {
    name: "queued",
    before: async (start: Stage["start"]): Promise<OpenRun> => {
      const first = start(sh("echo up\nsleep 1\n"));
      await until("the first run", () => first.shown().includes("\r\nup"));
      return first;
    },
    test: python("print('after the first')"),
  },
  {
    name: "connection-lost",
    test: sh("rm -f go\necho up\nuntil [ -e go ]; do sleep 0.05; done\necho down\n"),
    act: async (stage: Stage): Promise<void> => {
      await shows(stage, "\r\nup");
      stage.cut();
      await until("the word for it", () => /connected again|✘/.test(stage.run.shown()));
      await stage.go();
    },
  },
  {
    name: "left",
    carriers: ["ssh"],
    test: sh("rm -f go\necho up\nuntil [ -e go ]; do sleep 0.05; done\n"),
    act: async (stage: Stage): Promise<void> => {
      await shows(stage, "\r\nup");
      stage.run.run.leave();
      await stage.run.end;
      await stage.go();
    },
  },
  {
    name: "invalid-utf-8",
    test: bytes("b'\\xec\\x95'", "b'\\x88'", "b'\\xff\\xfe|'", "b'\\xe3\\x81\\n'", "b'\\xc3'"),
  },
  {
    name: "progress",
    test: bytes("b'\\r 10%'", "b'\\r 55%'", "b'\\r100%\\n'", "b'done\\n'"),
  },
  {
    name: "colours",
    test: bytes(
      "b'\\x1b[1;32mgreen\\x1b[0m and \\x1b[38;2;255;0;0mred\\x1b'",
      "b'[0m, left \\x1b[44mblue\\n'",
    ),
  },
  {
    name: "wide",
    test: python("print('안녕 😀 é e\\u0301 |')", "print('あ' * 45)", "print('x' + '漢' * 40 + '|')"),
  },
  {
    name: "errors-on-pipes",
    carriers: ["ssh"],
    test: {
      ...sh(
        "rm -f go\necho err >&2\nuntil [ -e go ]; do sleep 0.05; done\nprintf '\\033[33mown colour\\033[0m\\n' >&2\n",
      ),
      kind: "pipes",
    },
    act: async (stage: Stage): Promise<void> => {
      await shows(stage, "\r\nerr");
      await stage.go();
    },
  },
];
