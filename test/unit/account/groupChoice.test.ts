import assert from "node:assert/strict";
import { decideGroup } from "../../../src/account/groupChoice.js";
import { profileOf } from "../../../src/account/profiles/profile.js";
import type { Group } from "../../../src/api/index.js";

const group = (name: string, domain = "default"): Group => ({ id: name, name, domain });
const profile = (given: { group?: string; domain?: string } = {}): ReturnType<typeof profileOf> =>
  profileOf({ endpoint: "https://a.example", ...given });

describe("the group that sessions are for", () => {
  const first = { wasChosen: false };
  const again = { wasChosen: true };

  it("is the only one that the person is in, whatever the profile says", () => {
    const only = [group("vision", "lab")];
    const expected = { choice: { group: "vision", domain: "lab" }, isOpen: false };
    assert.deepEqual(decideGroup(only, profile(), first), expected);
    assert.deepEqual(decideGroup(only, profile({ group: "gone" }), again), expected);
  });

  it("is asked for once where there are several", () => {
    const several = [group("default"), group("vision")];
    assert.deepEqual(decideGroup(several, profile(), first), {
      choice: { group: "default", domain: "default" },
      isOpen: true,
    });
    assert.equal(decideGroup(several, profile({ group: "vision" }), again).isOpen, false);
    assert.equal(decideGroup(several, profile({ group: "gone" }), again).isOpen, true);
  });

  it("is taken from the domain that the profile names, where two have one of that name", () => {
    const twins = [group("team", "a"), group("team", "b")];
    const { choice } = decideGroup(twins, profile({ group: "team", domain: "b" }), again);
    assert.deepEqual(choice, { group: "team", domain: "b" });
  });

  it("stays as it is where the server tells of none", () => {
    const { choice, isOpen } = decideGroup([], profile({ group: "vision" }), first);
    assert.deepEqual([choice.group, choice.domain, isOpen], ["vision", "default", false]);
  });
});
