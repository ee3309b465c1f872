import assert from "node:assert/strict";
import { FormerNames } from "../../../../src/sessions/lifecycle/formerNames.js";
import { imageNameFor, problemOfImageName } from "../../../../src/sessions/lifecycle/imageName.js";
import { problemOfName, problemOfNewName } from "../../../../src/sessions/lifecycle/sessionName.js";
import { memoryStore } from "../../tunnel/support/memoryStore.js";

describe("names", () => {
  it("of sessions are 4 to 64 characters that every server takes", () => {
    for (const name of ["abcd", "a_.-b", "a".repeat(64), "1234"]) {
      assert.equal(problemOfName(name), undefined, name);
    }
    assert.equal(problemOfName("abc"), "4 to 64 characters: it has 3.");
    assert.equal(problemOfName("a".repeat(65)), "4 to 64 characters: it has 65.");
    assert.match(problemOfName("a name")!, /“ ” can't be in it/);
    assert.match(problemOfName("prüfen")!, /“ü” can't be in it/);
    assert.match(problemOfName("train-")!, /begin and end with a letter/);
    assert.match(problemOfName(".train")!, /begin and end with a letter/);
  });

  it("of sessions that are taken are refused", () => {
    const taken = new Set(["train"]);
    assert.equal(problemOfNewName("train", taken), "Another session is named train.");
    assert.equal(problemOfNewName("train2", taken), undefined);
  });

  it("of images are what servers take", () => {
    assert.equal(problemOfImageName("my-image_1.0"), undefined);
    assert.match(problemOfImageName("")!, /1 to 64/);
    assert.match(problemOfImageName("a/b")!, /“\/” can't be in it/);
    assert.match(problemOfImageName("-a")!, /begin with/);
    assert.equal(problemOfImageName(imageNameFor("bad name!")), undefined);
  });

  it("that sessions had are remembered, the last hundred", async () => {
    const memory = memoryStore();
    const names = new FormerNames(memory);
    assert.equal(names.idOf("constructor"), undefined);
    for (let index = 0; index < 120; index += 1) {
      await names.add(`name-${index}`, `id-${index}`);
    }
    const again = new FormerNames(memory);
    assert.deepEqual(
      [again.idOf("name-119"), again.idOf("name-20"), again.idOf("name-19")],
      ["id-119", "id-20", undefined],
    );
    await memory.update("backendai.formerSessionNames", "what an older version wrote");
    assert.equal(again.idOf("name-119"), undefined);
  });
});
