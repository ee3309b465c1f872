import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { groups } from "./cases/index.js";
import { rows } from "./calls.js";
import { callsPage } from "./coverage.js";
import { compatibilityPage } from "./compatibility.js";
import { Ledger } from "./ledger.js";
import { recordedOutcome, recordingOf, recordings, writeRecording } from "./recordings.js";
import { namedCases, Suite } from "./suite.js";
import { targets } from "./targets.js";

/** Targets that are tried at the same time: most of a case is waiting. */
const lanes = Number(process.env["CONFORMANCE_LANES"] ?? 8);
const docs = path.resolve(import.meta.dirname, "../../docs");
const isUpdating = process.env["UPDATE_GOLDENS"] === "1";

const specs = targets(process.env);
const all = namedCases(groups);
/** Only these cases, by a pattern over number and title; what is not tried is then not missed either. */
const pattern = process.env["CONFORMANCE_CASES"];
const cases = all.filter(({ id, test }) => new RegExp(pattern ?? "", "i").test(`${id} ${test.title}`));
const suite = new Suite(specs, cases, lanes);
const ledger = new Ledger();

describe("conformance", function () {
  this.timeout(0); // each case has its own deadline
  after(async () => suite.done());

  for (const target of specs) {
    describe(target.name, () => {
      for (const { id, test } of cases) {
        it(`${id} ${test.title}`, async function () {
          const outcome = await suite.outcome(target, id);
          ledger.write(target.name, test, outcome);
          if (outcome.status === "failed") {
            throw outcome.error;
          }
          if (outcome.status === "skipped") {
            this.skip();
          }
        });
      }

      it("has passed a case for every call and every parameter", function () {
        if (pattern !== undefined) {
          this.skip();
        }
        assert.deepEqual(ledger.missing(target.name, rows), []);
      });

      if (target.isReal) {
        it("does what was recorded of its release", function () {
          const { manager = "", apiVersion = "" } = suite.server(target) ?? {};
          const seen = Object.fromEntries(
            ledger.entries(target.name).flatMap(({ title, outcome }) => {
              const recorded = recordedOutcome(outcome);
              return recorded === undefined ? [] : [[title, recorded]];
            }),
          );
          const isWhole = ledger.entries(target.name).every(({ outcome }) => outcome.status !== "failed");
          if (isUpdating && isWhole && manager !== "") {
            // Of a few cases that were tried again, the others keep what was recorded.
            const old = pattern === undefined ? {} : (recordingOf(manager)?.cases ?? {});
            const kept = Object.entries(old).filter(([title]) =>
              all.some(({ test }) => test.title === title),
            );
            writeRecording({ manager, apiVersion, cases: { ...Object.fromEntries(kept), ...seen } });
          }
          const recording = recordingOf(manager);
          if (recording === undefined) {
            this.skip(); // a release that nobody has met: its cases speak for themselves
          }
          const tried = Object.entries(recording.cases).filter(
            ([title]) => pattern === undefined || title in seen,
          );
          assert.deepEqual(seen, Object.fromEntries(tried));
        });
      }
    });
  }

  for (const [file, text] of [
    ["calls.md", () => callsPage(all)],
    ["compatibility.md", () => compatibilityPage(recordings(), all)],
  ] as const) {
    it(`docs/${file} is what the cases and the recordings say`, async () => {
      const page = path.join(docs, file);
      if (isUpdating) {
        await writeFile(page, text());
      }
      assert.equal(await readFile(page, "utf8"), text(), "stale: run with UPDATE_GOLDENS=1");
      assert.doesNotMatch(text(), /\| — \|/, "a call is covered by no case");
    });
  }

  after(() => console.log(ledger.report()));
});
