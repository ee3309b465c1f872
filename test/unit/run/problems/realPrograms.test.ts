import assert from "node:assert/strict";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { type Files, findProblems, shown } from "./support/findProblems.js";
import { has, outputOf, write } from "./support/realPrograms.js";

/** A program that fails, and the problems that its output must lead to, as `shown` writes them. */
interface Trial {
  readonly what: string;
  readonly files: Files;
  readonly command: string;
  readonly problems: readonly RegExp[];
}

const trials: Readonly<Record<string, readonly Trial[]>> = {
  python3: [
    {
      what: "a cause in one file and what it led to in another",
      files: {
        "a.py":
          'import sub.helper as helper\ntry:\n    helper.g(0)\nexcept ZeroDivisionError as e:\n    raise RuntimeError("no way") from e\n',
        "sub/helper.py": "def g(x):\n    return 1 / x\n",
      },
      command: "python3 -u a.py",
      problems: [/^python error a\.py:5 \[.*\] RuntimeError: no way$/],
    },
    {
      what: "an exception below the person's own last frame",
      files: { "j.py": 'import json\ntry:\n    int("x")\nexcept ValueError:\n    json.loads("{")\n' },
      command: "python3 j.py",
      problems: [/^python error j\.py:5 \[json\.loads\("\{"\)\] json\.decoder\.JSONDecodeError: Expecting/],
    },
    {
      what: "syntax errors, of the program and of what it imports",
      files: { "syn.py": "def f():\n    x = (1 +\n    return 2\n", "imp.py": "import syn\n" },
      command: "python3 syn.py; python3 imp.py",
      problems: [/^python error syn\.py:\d \[.+\] SyntaxError: /],
    },
    {
      what: "warnings, an exception group, and one in a thread",
      files: {
        "w.py":
          'import threading, warnings\nwarnings.warn("careful")\ndef f():\n    raise ValueError("a\\nb")\nt = threading.Thread(target=f)\nt.start()\nt.join()\nraise ExceptionGroup("many", [ValueError(1)])\n',
      },
      command: "python3 w.py",
      problems: [
        /^python warning w\.py:2 \[warnings\.warn\("careful"\)\] UserWarning: careful$/,
        /^python error w\.py:4 \[.*\] ValueError: a$/,
        /^python error w\.py:8 \[.*\] ExceptionGroup: many/,
      ],
    },
  ],
  node: [
    {
      what: "uncaught errors of all kinds",
      files: {
        "a.js": 'function f() {\n  throw new TypeError("boom\\nsecond");\n}\nf();\n',
        "enoent.js": 'require("fs").readFileSync("nope");\n',
        "rej.js": 'Promise.reject(new Error("rej"));\n',
        "nomod.js": 'require("./nope");\n',
        "str.js": 'throw "str";\n',
        "a.mjs": 'import { x } from "./b c.mjs";\nx();\n',
        "b c.mjs": 'export function x() {\n  const s = "가나"; null.y;\n}\n',
      },
      command: "for f in a.js enoent.js rej.js nomod.js str.js a.mjs; do node $f; done",
      problems: [
        /^node error a\.js:2 \[new\] TypeError: boom$/,
        /^node error enoent\.js:1 \[readFileSync\] Error: ENOENT/,
        /^node error rej\.js:1 \[new\] Error: rej$/,
        /^node error nomod\.js:1 \[require\] Error: Cannot find module/,
        /^node error str\.js:1 \[.+\] str$/,
        /^node error b c\.mjs:2 \[y\] TypeError: Cannot read prop/,
      ],
    },
    {
      what: "a syntax error in what is required, and none for an error that was just logged",
      files: {
        "syn.js": "function f() {\n  let a = ;\n}\n",
        "req.js": 'console.error(new Error("logged"));\nrequire("./syn.js");\n',
      },
      command: "node req.js",
      problems: [/^node error syn\.js:2 \[;\] SyntaxError: Unexpected token ';'$/],
    },
  ],
  gcc: [
    {
      what: "errors and warnings with codes, behind tabs and wide characters, in headers too",
      files: {
        "a.c":
          '#include "h.h"\nint f(int a) {\n\tconst char *s = "가나"; return oops;\n}\nint g(void) { int unused; return 0; }\n',
        "h.h": "static int h(void) { return 1 +; }\n",
      },
      command: "gcc -Wall -Wno-return-type -c a.c",
      problems: [
        /^gcc error h\.h:1 \[;\] expected expression/,
        /^gcc error a\.c:3 \[oops\] .oops. undeclared/,
        /^gcc warning a\.c:3 \[s\] unused variable .s. \(-Wunused-variable\)$/,
        /^gcc warning a\.c:5 \[unused\] unused variable .unused. \(-Wunused-variable\)$/,
        /^gcc warning h\.h:1 \[h\] .h. defined but not used/,
      ],
    },
    {
      what: "a header that is missing, a function that nobody has, and an assertion",
      files: {
        "inc.c": "#include <nothere.h>\n",
        "ld.c": "int foo(void);\nint main(void) { return foo(); }\n",
        "as.c": "#include <assert.h>\nint main(void) {\n  assert(1 == 2);\n}\n",
      },
      command: "gcc inc.c; gcc ld.c; gcc -o as as.c && ./as",
      problems: [
        /^gcc error inc\.c:1 \[<\] nothere\.h: No such file/,
        /^ld error ld\.c:1 .* undefined reference to .foo'$/,
        /^assert error as\.c:3 \[assert\(1 == 2\);\] main: Assertion/,
      ],
    },
  ],
  "g++": [
    {
      what: "an error in a header of the library at the line that led there",
      files: {
        "s.cpp":
          '#include <algorithm>\n#include <list>\nint main() {\n  std::list<int> l;\n  std::sort(l.begin(), l.end());\n  int x = "s";\n}\n',
      },
      command: "g++ -c s.cpp",
      problems: [
        /^gcc error s\.cpp:6 \["\] invalid conversion/,
        /^gcc error s\.cpp:5 \[.+\] no match for .operator-.*\(stl_algo\.h:\d+\)$/,
      ],
    },
  ],
  rustc: [
    {
      what: "errors and warnings of several lines, and a panic",
      files: {
        "a.rs":
          'use std::collections::HashMap;\nfn main() {\n    let x: i32 = "가나"; let y: i32 = "s";\n}\n',
        "p.rs": 'fn main() {\n    let o: Option<i32> = None;\n    o.expect("no value");\n}\n',
      },
      command: "rustc a.rs; rustc p.rs && ./p",
      problems: [
        /^rustc warning a\.rs:1 \[std::collections::HashMap\] unused import/,
        /^rustc error a\.rs:3 \["가나"\] mismatched types: expected `i32`, found `&str` \(E0308\)$/,
        /^rustc error a\.rs:3 \["s"\] mismatched types/,
        /^rust error p\.rs:3 \[expect\] no value$/,
      ],
    },
  ],
  go: [
    {
      what: "errors of build and vet, and a panic",
      files: {
        "a.go": 'package main\nfunc f(a int, b string) {}\nfunc main() {\n\ts := "가"; f(1); oops()\n}\n',
        "v.go": 'package main\nimport "fmt"\nfunc main() { fmt.Printf("%d\\n", "s") }\n',
        "p.go": 'package main\nfunc f(m map[string]int) {\n\tm["a"] = 1\n}\nfunc main() {\n\tf(nil)\n}\n',
      },
      command: "go build a.go; go vet v.go; go run p.go",
      problems: [
        /^go error a\.go:4 \[s\] declared and not used: s$/,
        /^go error a\.go:4 \[.\] not enough arguments in call to f\nhave \(number\)\nwant \(int, string\)$/,
        /^go error a\.go:4 \[oops\] undefined: oops$/,
        /^go error v\.go:3 .* fmt\.Printf format %d/,
        /^go error p\.go:3 .* panic: assignment to entry in nil map$/,
      ],
    },
  ],
  javac: [
    {
      what: "errors with their details, warnings, and an exception with its cause",
      files: {
        "B.java":
          "import java.util.*;\npublic class B {\n    public static void main(String[] a) {\n\tString s = 1; foo.bar(); List l;\n    }\n}\n",
        "R.java":
          'public class R {\n    static int f(int x) { return 1 / x; }\n    public static void main(String[] a) {\n        try { f(0); } catch (ArithmeticException e) { throw new IllegalStateException("wrap", e); }\n    }\n}\n',
      },
      command: "javac -Xlint B.java; java R.java",
      problems: [
        /^javac error B\.java:4 \[1\] incompatible types/,
        /^javac error B\.java:4 \[foo\] cannot find symbol\nsymbol: +variable foo/,
        /^javac warning B\.java:4 \[List\] \[rawtypes\] found raw type: List$/,
        /^java error R\.java:4 \[.*\] java\.lang\.IllegalStateException: wrap$/,
      ],
    },
  ],
  perl: [
    {
      what: "what does not compile, what it warns of, and how it dies",
      files: {
        "s.pl": "use strict;\nuse warnings;\nprint $y;\nfoo(;\n",
        "d.pl": 'use warnings;\nmy $x;\nprint "a" . $x . "\\n";\nsub f { die "dead" }\nf();\n',
        "n.pl": "use Nope;\n",
      },
      command: "perl s.pl; perl d.pl; perl n.pl",
      problems: [
        /^perl error s\.pl:3 \[print \$y;\] Global symbol "\$y"/,
        /^perl error s\.pl:4 \[foo\(;\] syntax error, near "\(;"$/,
        /^perl warning d\.pl:3 \[.*\] Use of uninitialized/,
        /^perl error d\.pl:4 \[.*\] dead$/,
        /^perl error n\.pl:1 \[use Nope;\] Can't locate Nope\.pm/,
      ],
    },
  ],
  bash: [
    {
      what: "commands that are not there, and what does not parse",
      files: { "r.sh": "echo a\nnosuchcmd\ncd /nope\n", "s.sh": "if [ 1 -eq 1 ]; then\necho b\n" },
      command: "bash r.sh; bash s.sh",
      problems: [
        /^bash error r\.sh:2 \[nosuchcmd\] nosuchcmd: command not found$/,
        /^bash error r\.sh:3 \[cd \/nope\] cd: \/nope: No such file or directory$/,
        /^bash error s\.sh:\d \[.*\] syntax error: unexpected end of file/,
      ],
    },
  ],
  make: [
    {
      what: "a command that fails, and a makefile that does not parse",
      files: { Makefile: "all:\n\tfalse\n", "bad.mk": "all\n\tfoo\n" },
      command: "make; make -f bad.mk",
      problems: [
        /^make error Makefile:2 \[false\] \[Makefile:2: all\] Error 1$/,
        /^make error bad\.mk:1 \[all\] missing separator\.$/,
      ],
    },
  ],
};

describe("problems that real programs print", () => {
  const makeFolder = temporaryFolders();
  for (const [program, ofProgram] of Object.entries(trials)) {
    for (const { what, files, command, problems } of ofProgram) {
      it(`${program}: ${what}`, async function () {
        this.timeout(120_000);
        if (!has(program)) {
          this.skip();
        }
        const folder = await makeFolder();
        await write(folder, files);
        const output = await outputOf(command, folder);
        const found = findProblems(output, files, folder).map((problem) => shown(problem, files));
        assert.equal(found.length, problems.length, `${found.join("\n")}\nfrom:\n${output}`);
        for (const [i, expected] of problems.entries()) {
          assert.match(found[i]!, expected);
        }
      });
    }
  }
});
