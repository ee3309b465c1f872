import assert from "node:assert/strict";
import type { SessionSummary } from "../../../src/api/index.js";
import { chooseSession } from "../../../src/run/sessionChoice.js";
import { session } from "../../support/records.js";

describe("chooseSession", () => {
  const python = session({ id: "p1", image: "local/python:3.11" });
  const other = session({ id: "p2", image: "local/python:3.11" });
  const c = session({ id: "c1", image: "local/c:12" });
  const suits = ({ image }: SessionSummary): boolean => image.includes("python");

  it("starts one where none suits", () => {
    assert.deepEqual(chooseSession([c], suits, undefined), { kind: "start" });
  });

  it("uses the only one that suits", () => {
    assert.deepEqual(chooseSession([c, python], suits, undefined), { kind: "use", session: python });
  });

  it("asks where several suit", () => {
    assert.deepEqual(chooseSession([python, other], suits, undefined), {
      kind: "ask",
      candidates: [python, other],
    });
  });

  it("stays with the last used one, even where its image does not suit", () => {
    assert.deepEqual(chooseSession([python, other, c], suits, "c1"), { kind: "use", session: c });
  });

  it("leaves alone what does not run and what runs a batch job", () => {
    const pending = session({ id: "p1", status: "PENDING" });
    const batch = session({ id: "p2", type: "batch" });
    assert.deepEqual(chooseSession([pending, batch], suits, "p1"), { kind: "start" });
  });
});
