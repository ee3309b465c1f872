import assert from "node:assert/strict";
import { ConfigurationError } from "../../../../src/base/errors.js";
import { planRun } from "../../../../src/run/plan/runPlan.js";

describe("planRun", () => {
  const table: readonly [languageId: string, file: string, build: string | null, exec: string][] = [
    ["python", "hello.py", null, "python3 -u hello.py"],
    ["python", "src/deep/hello.py", null, "python3 -u src/deep/hello.py"],
    ["python", "my file's.py", null, `python3 -u 'my file'\\''s.py'`],
    ["python", "-c.py", null, "python3 -u ./-c.py"],
    ["python", "안녕.py", null, "python3 -u '안녕.py'"],
    ["python", "$(reboot).py", null, "python3 -u '$(reboot).py'"],
    ["javascript", "primes.js", null, "node primes.js"],
    [
      "c",
      "src/mandel brot.c",
      "mkdir -p .backendai-build && gcc -Wall -O2 -o './.backendai-build/mandel brot' 'src/mandel brot.c' -lm -lpthread",
      "'./.backendai-build/mandel brot'",
    ],
    ["shellscript", "a.sh", null, "bash a.sh"],
    ["java", "Main.java", null, "java Main.java"],
  ];
  for (const [languageId, file, build, exec] of table) {
    it(`plans ${languageId} ${JSON.stringify(file)}`, () => {
      const plan = planRun(languageId, file);
      assert.equal(plan.build, build);
      assert.equal(plan.exec, `exec ${exec}`);
      assert.ok(plan.commandLine.endsWith(exec), "a person reads the command alone");
      assert.equal(plan.remotePath, file);
    });
  }

  it("names the language that can't be run, and those that can", () => {
    assert.throws(
      () => planRun("markdown", "README.md"),
      (error) => error instanceof ConfigurationError && /“markdown”.*Python, JavaScript/.test(error.message),
    );
  });

  it("says where to set the language of a file that has none", () => {
    assert.throws(() => planRun("plaintext", "notes"), /status bar/);
  });
});
