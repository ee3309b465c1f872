import assert from "node:assert/strict";
import { availableRuntimes, type RuntimeName } from "../../../../src/engine/execution/index.js";
import { TestSession, textOf } from "./harness.js";

/** A query of each language, its output and its exit code. */
const queries: readonly (readonly [RuntimeName, string, string, number])[] = [
  ["c", '#include <stdio.h>\nint main(void){printf("hello c\\n");return 4;}', "hello c\n", 4],
  ["cpp", '#include <iostream>\nint main(){std::cout << "hello" << std::endl; return 2;}', "hello\n", 2],
  ["golang", "package main\nfunc main() { print() }", "", 0],
  ["rust", 'fn main() { println!("hello"); std::process::exit(3) }', "hello\n", 3],
  ["java", 'System.out.println("hello");', "hello\n", 0],
  ["r", 'cat("hello\\n")', "hello\n", 0],
  ["julia", 'println("hello")', "hello\n", 0],
  ["lua", 'print("hello")', "hello\n", 0],
  ["php", 'echo "hello\\n";', "hello\n", 0],
  ["shell", "echo hello; exit 6", "hello\n", 6],
];

describe("languages without a runner", () => {
  let found: readonly string[];
  before(async () => {
    found = (await availableRuntimes()).map((runtime) => runtime.name);
  });

  for (const [runtime, code, output, exitCode] of queries) {
    it(`runs a ${runtime} query as a program, or says that there is no ${runtime}`, async () => {
      const session = new TestSession({ runtime });
      try {
        const result = await session.run(code);
        if (found.includes(runtime)) {
          assert.deepEqual([textOf(result.console), result.exitCode], [output, exitCode]);
        } else {
          assert.match(textOf(result.console, "stderr"), new RegExp(`no ${runtime}`));
          assert.equal(result.exitCode, 127);
        }
      } finally {
        await session.end();
      }
    });
  }

  it("builds and runs a C project as the server does", async function () {
    if (!found.includes("c")) {
      this.skip(); // no compiler on this computer
    }
    const session = new TestSession({ runtime: "c" });
    try {
      session.write("main.c", '#include <stdio.h>\nint f(void);int main(){puts("built");return f();}');
      session.write("other.c", "int f(void){return 6;}");
      const steps = await session.steps(session.batch({ clean: "*", build: "*", exec: "*" }));
      assert.deepEqual(
        steps.map(({ status, exitCode, console }) => [status, exitCode, console]),
        [
          [
            "clean-finished",
            0,
            [["stderr", 'c-kernel: c-kernel: skipping the clean phase due to missing "Makefile".\n']],
          ],
          ["build-finished", 0, []],
          ["finished", 6, [["stdout", "built\n"]]],
        ],
      );
      const failed = await session.run("int main(void){ return x; }");
      assert.equal(failed.exitCode, 1);
      assert.match(textOf(failed.console, "stderr"), /undeclared/);
    } finally {
      await session.end();
    }
  });
});
