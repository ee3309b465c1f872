import assert from "node:assert/strict";
import { profileOf } from "../../../src/account/profiles/profile.js";
import { isOnThisComputer } from "../../../src/account/target.js";

describe("whether sessions of a server are on this computer", () => {
  for (const [endpoint, expected] of [
    ["http://127.0.0.1:8081", true],
    ["http://0x7f.1:8081", true],
    ["https://localhost", true],
    ["http://[::1]:8081", true],
    ["http://0.0.0.0:8081", true], // what connects there reaches the loopback
    ["http://[::]:8081", true],
    ["https://cluster.example", false],
    ["http://10.0.0.5:8090", false],
    ["http://127.0.0.1:8081, https://cluster.example", false],
  ] as const) {
    it(`${endpoint}: ${expected ? "they are" : "they are not"}`, () => {
      const profile = profileOf({ endpoint });
      assert.equal(isOnThisComputer({ kind: "profile", profile }), expected);
    });
  }
});
