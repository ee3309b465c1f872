import assert from "node:assert/strict";
import * as errors from "../../../src/base/errors.js";
import { SshUnavailableError } from "../../../src/tunnel/sshConnection.js";

describe("errors of ours", () => {
  const each = [
    [new errors.NetworkError("gone", undefined), "NetworkError"],
    [new errors.TimeoutError("start", 1000, "A start"), "TimeoutError"],
    [new errors.StreamClosedError(1006, "closed"), "StreamClosedError"],
    [new SshUnavailableError("no sshd"), "SshUnavailableError"],
  ] as const;
  for (const [error, name] of each) {
    it(`have the name of their class in logs: ${name}`, () => {
      // In what ships classes have names of a letter or two.
      Object.defineProperty(error.constructor, "name", { value: "n" });
      assert.equal(error.name, name);
      assert.equal(String(error), `${name}: ${error.message}`);
      assert.match(error.stack ?? "", new RegExp(`^${name}: `));
    });
  }
});
