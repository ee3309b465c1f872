import assert from "node:assert/strict";
import { TimeoutError } from "../../../src/base/errors.js";

describe("files of tests", () => {
  it("share the modules of the code under test with what that imports later", async () => {
    const later = await import("../../../src/base/errors.js");
    assert.equal(later.TimeoutError, TimeoutError);
  });
});
