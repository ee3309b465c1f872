import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Files, findProblems, shown } from "./support/findProblems.js";

/** What programs that few computers have printed of these files, and the problems in it. */
const recordings: Readonly<Record<string, { readonly files: Files; readonly problems: readonly string[] }>> =
  {
    php: {
      files: {
        "a.php":
          '<?php\nfunction f($x) {\n    echo $undefd;\n    throw new RuntimeException("boom");\n}\nf(1);\n',
        "syn.php": "<?php\n$x = (1;\n",
        "un.php": "<?php\nnope();\n",
      },
      problems: [
        "php warning a.php:3 [echo $undefd;] Undefined variable $undefd",
        'php error a.php:4 [throw new RuntimeException("boom");] Uncaught RuntimeException: boom',
        'php error syn.php:2 [$x = (1;] syntax error, unexpected token ";"',
        "php error un.php:2 [nope();] Uncaught Error: Call to undefined function nope()",
      ],
    },
    lua: {
      files: {
        "a.lua": 'local function f()\n  error("boom")\nend\nf()\n',
        "syn.lua": "x = = 1\n",
        "nil.lua": "local t = nil\nprint(t.x)\n",
      },
      problems: [
        'lua error a.lua:2 [error("boom")] boom',
        "lua error syn.lua:1 [x = = 1] unexpected symbol near '='",
        "lua error nil.lua:2 [print(t.x)] attempt to index a nil value (local 't')",
      ],
    },
    r: {
      files: {
        "syn.R": "x <- (1\ny <- 2\n",
        "a.R":
          'f <- function(x) {\n  warning("careful")\n  log(-1)\n  stop("boom")\n}\ng <- function(x) f(x)\ng(1)\n',
      },
      problems: ["R error syn.R:2 [y] unexpected symbol", 'R error a.R:4 [stop("boom")] boom'],
    },
    julia: {
      files: {
        "HelloWorld/deps/build.jl": 'error("Ooops")\n',
        "Unitful/src/logarithm.jl": "\nBase. *(::MixedUnits, ::MixedUnits) =\n",
      },
      problems: [
        'julia error HelloWorld/deps/build.jl:1 [error("Ooops")] Ooops',
        "julia error Unitful/src/logarithm.jl:2 [.] extra tokens after end of expression",
      ],
    },
    clang: {
      files: {
        "a.c":
          '#include <stdio.h>\n#include "h.h"\nint f(int a) {\n\tconst char *한 = "가"; return oops;\n}\nint g(void) { int unused; f("x"); }\n',
        "h.h": "static int h(void) { return 1 +; }\n",
        "a.cpp":
          '#include <algorithm>\n#include <list>\nint main() {\n  std::list<int> l;\n  std::sort(l.begin(), l.end());\n  int x = "s";\n}\n',
      },
      problems: [
        "gcc error h.h:1 [;] expected expression",
        "gcc error a.c:4 [oops] use of undeclared identifier 'oops'",
        "gcc warning a.c:6 [\"] incompatible pointer to integer conversion passing 'char[2]' to parameter of type 'int' (-Wint-conversion)",
        "gcc warning a.c:6 [unused] unused variable 'unused' (-Wunused-variable)",
        "gcc error a.cpp:6 [x] cannot initialize a variable of type 'int' with an lvalue of type 'const char[2]'",
        "gcc error a.cpp:5 [sort] invalid operands to binary expression ('std::_List_iterator<int>' and 'std::_List_iterator<int>') (stl_algo.h:1938)",
        "gcc error a.cpp:5 [sort] invalid operands to binary expression ('std::_List_iterator<int>' and 'std::_List_iterator<int>') (stl_algo.h:1847)",
      ],
    },
  };

describe("problems in recorded output", () => {
  for (const [program, { files, problems }] of Object.entries(recordings)) {
    it(`finds those of ${program}`, () => {
      const output = readFileSync(path.join(import.meta.dirname, "recorded", `${program}.txt`), "utf8");
      assert.deepEqual(
        findProblems(output, files).map((problem) => shown(problem, files)),
        problems,
      );
    });
  }
});
