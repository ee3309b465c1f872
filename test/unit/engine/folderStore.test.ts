import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { eraFor } from "../../../src/engine/era.js";
import { FolderStore } from "../../../src/engine/folders/folderStore.js";
import { Refusal } from "../../../src/engine/http/refusal.js";
import { engines } from "./support/engines.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";

describe("the engine's virtual folders, asked for at the same time", () => {
  const newFolder = temporaryFolders();
  const start = engines();
  const newStore = async (): Promise<FolderStore> =>
    new FolderStore(await newFolder(), eraFor("v8.20240915", "24.09.14"));

  it("have each name once", async () => {
    const store = await newStore();
    const made = await Promise.allSettled([store.create("same"), store.create("same"), store.create("same")]);
    assert.deepEqual(
      made.map((each) => each.status === "rejected" && each.reason instanceof Refusal),
      [false, true, true],
    );
    assert.equal((await store.list()).length, 1);
  });

  it("have each name once, also when some get it that had another", async () => {
    const store = await newStore();
    const [one, other] = [await store.create("one"), await store.create("other")];
    const named = await Promise.allSettled([
      store.rename(one, "same"),
      store.rename(other, "same"),
      store.create("same"),
    ]);
    assert.deepEqual(
      named.map((each) => each.status === "rejected" && each.reason instanceof Refusal),
      [false, true, true],
    );
    const names = (await store.list()).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ["other", "same"]);
  });

  it("are one for the output of all batch sessions", async () => {
    const { client } = await start("24.09");
    const batch = { image: "python", config: {}, type: "batch", startupCommand: "true" };
    const names = ["batch-one", "batch-two", "batch-three"];
    await Promise.all(
      names.map(async (name) => client.send("POST", "/session", { body: { ...batch, name } })),
    );
    const folders = (await client.send("GET", "/folders")).at("") as readonly { readonly name: string }[];
    assert.deepEqual(
      folders.map(({ name }) => name),
      [".logs"],
    );
  });

  it("are listed once where somebody else has made them", async () => {
    const store = await newStore();
    await mkdir(path.join(store.directory, "found"));
    const lists = await Promise.all([store.list(), store.list(), store.list()]);
    assert.deepEqual(
      lists.map((folders) => folders.length),
      [1, 1, 1],
    );
    assert.equal(new Set(lists.flat().map(({ id }) => id)).size, 1);
  });
});
