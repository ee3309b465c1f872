import assert from "node:assert/strict";
import type { Context } from "mocha";
import { languages } from "../../../src/run/plan/languages.js";
import { SessionPrograms } from "../terminal/support/sessionProgram.js";
import { type LanguageProgram, languagePrograms } from "./support/languagePrograms.js";
import { runsOf } from "./support/openRun.js";
import { withRunPlace } from "./support/runPlace.js";

describe("languages", function () {
  this.timeout(180_000); // a compiler that nobody used before, on a computer that does other things
  const place = withRunPlace(`languages-${process.pid}`);
  let programs: SessionPrograms;
  before(() => {
    programs = new SessionPrograms(place().client, place().session.id);
  });
  after(() => programs?.dispose());

  /** Skips a test whose compiler or interpreter the session does not have, and says so. */
  const need = async (context: Context, { tool, proof = "true" }: LanguageProgram): Promise<void> => {
    const found = await programs.run(`${proof} >/dev/null 2>&1 && command -v ${tool} || true`);
    if (found.trim() === "") {
      context.test!.title += ` (skipped: the session has no ${tool})`;
      context.skip();
    }
  };

  it("each have a program here", () => {
    const tried = languagePrograms.map(({ languageId }) => languageId);
    assert.deepEqual(
      languages.flatMap(({ ids }) => ids),
      tried,
    );
  });

  for (const carrier of ["api", "ssh"] as const) {
    const start = runsOf(carrier, place);
    for (const program of languagePrograms) {
      const { languageId, file, code, broken } = program;
      it(`runs ${languageId} by ${carrier}`, async function () {
        await need(this, program);
        const { run, end, shown } = start({ languageId, file, code });
        // The server's own runs take answers to Python's questions alone; other programs get an empty input from them.
        const isHeard = carrier === "ssh" || languageId === "python";
        if (isHeard) {
          run.input("wörld\r");
        }
        assert.deepEqual(await end, { kind: "finished", exitCode: 3 }, shown());
        assert.match(shown(), /\r\n안녕 ✓\r\n/);
        assert.match(shown(), /oops\r\n/);
        assert.ok(shown().includes(isHeard ? "\r\n<wörld>\r\n" : "\r\n<>\r\n"), shown());
      });

      if (broken !== undefined) {
        it(`tells that a build of ${languageId} fails by ${carrier}`, async function () {
          await need(this, program);
          const { end, shown } = start({ languageId, file: `broken-${file}`, code: broken });
          const { kind } = await end;
          assert.equal(kind, "buildFailed", shown());
          assert.match(shown(), /nothing/, "the compiler's words");
        });
      }
    }
  }
});
