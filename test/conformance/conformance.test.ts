import assert from "node:assert/strict";
import { groups } from "./cases/index.js";
import { type Outcome } from "./outcome.js";
import { namedCases, Suite } from "./suite.js";
import { targets } from "./targets.js";

/** Targets that are tried at the same time. */
const lanes = Number(process.env["CONFORMANCE_LANES"] ?? 4);

const specs = targets(process.env);
const wanted = new RegExp(process.env["CONFORMANCE_CASES"] ?? "", "i");
const cases = namedCases(groups).filter(({ id, test }) => wanted.test(`${id} ${test.title}`));
const suite = new Suite(specs, cases, lanes);
const outcomes: { readonly target: string; readonly id: string; readonly outcome: Outcome }[] = [];

describe("conformance", function () {
  this.timeout(0); // each case has its own deadline
  after(async () => suite.done());

  for (const target of specs) {
    describe(target.name, () => {
      for (const { id, test } of cases) {
        it(`${id} ${test.title}`, async function () {
          const outcome = await suite.outcome(target, id);
          outcomes.push({ target: target.name, id, outcome });
          if (outcome.status === "failed") {
            throw outcome.error;
          }
          if (outcome.status === "skipped") {
            console.log(`      – ${id}: ${outcome.reason}`);
            this.skip();
          }
        });
      }
    });
  }

  it("has tried everything", () => assert.ok(outcomes.length > 0));
});
