import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { delay } from "../../../../src/base/abort.js";
import { LocalSide } from "../../../../src/files/sync/localSide.js";
import {
  applyMirror,
  type MirrorOutcome,
  planMirror,
  type RememberedBase,
} from "../../../../src/files/sync/mirror.js";
import type { PlanOptions } from "../../../../src/files/sync/mirrorPlan.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

const { signal } = new AbortController();
const nothing: RememberedBase = { files: new Map(), at: 0 };

const name = fc.constantFrom("a", "b.txt", "d/c.txt", "d/e/é 'x'.md", "B.txt");
const edit = fc.oneof(
  { weight: 3, arbitrary: fc.record({ path: name, text: fc.string({ maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ path: name, text: fc.constant(undefined) }) },
);
const edits = fc.array(edit, { maxLength: 6 });
const rounds = fc.array(fc.record({ local: edits, remote: edits }), { minLength: 1, maxLength: 4 });

describe("Mirroring", function () {
  this.timeout(120_000);
  const folders = temporaryFolders();

  it("brings both sides together after any edits on both, and loses no version that only one side had", async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(rounds, fc.boolean(), async (turns, deletes) => {
        const [here, there] = [await folders(), await folders()];
        let base = nothing;
        for (const turn of turns) {
          const before = [await treeOf(here), await treeOf(there)] as const;
          for (const [folder, list] of [
            [here, turn.local],
            [there, turn.remote],
          ] as const) {
            for (const { path: place, text } of list) {
              await change(folder, place, text === undefined ? undefined : `${text}${(number += 1)}`);
            }
          }
          const edited = [await treeOf(here), await treeOf(there)] as const;
          const first = await mirror(here, there, base, { direction: "both", deletes });
          const second = await mirror(here, there, first.base, { direction: "both", deletes });
          assert.deepEqual([...first.failures, ...second.failures], []);
          base = second.base;
          const after = await treeOf(here);
          if (deletes) {
            assert.deepEqual(after, await treeOf(there), "both are the same");
          }
          const left = await planned(here, there, base, { direction: "both", deletes });
          assert.deepEqual(left, [], "there is nothing left to do");
          const kept = new Set([...after.values(), ...(await treeOf(there)).values()]);
          for (const [index, tree] of edited.entries()) {
            for (const [place, text] of tree) {
              const isNew = before[index]?.get(place) !== text;
              assert.ok(!isNew || kept.has(text), `${place} of side ${index} is kept`);
            }
          }
        }
        await Promise.all([rm(here, { recursive: true }), rm(there, { recursive: true })]);
      }),
      { numRuns: Number(process.env["MIRROR_RUNS"] ?? 60) },
    );
  });

  it("keeps both versions where both sides have changed one file", async () => {
    const [here, there] = [await folders(), await folders()];
    await change(here, "a.txt", "one");
    const { base } = await mirror(here, there, nothing, { direction: "both", deletes: false });
    await change(here, "a.txt", "two");
    await change(there, "a.txt", "six");
    assert.deepEqual(await planned(here, there, base, { direction: "both", deletes: false }), [
      "conflict a.txt",
    ]);
    const next = await mirror(here, there, base, { direction: "both", deletes: false });
    await mirror(here, there, next.base, { direction: "both", deletes: false });
    const wanted = new Map([
      ["a (session).txt", "six"],
      ["a.txt", "two"],
    ]);
    assert.deepEqual([await treeOf(here), await treeOf(there)], [wanted, wanted]);
  });

  it("goes one way only when told so, and deletes only when told so", async () => {
    const [here, there] = [await folders(), await folders()];
    await change(here, "mine", "1");
    await change(there, "theirs", "2");
    assert.deepEqual(await planned(here, there, nothing, { direction: "up", deletes: false }), [
      "upload mine",
    ]);
    assert.deepEqual(await planned(here, there, nothing, { direction: "down", deletes: true }), [
      "deleteLocal mine",
      "download theirs",
    ]);
    await mirror(here, there, nothing, { direction: "up", deletes: true });
    assert.deepEqual(await treeOf(there), new Map([["mine", "1"]]));
  });

  it("sees a change within the second of its look, however long the mirroring took", async () => {
    const [here, there] = [await folders(), await folders()];
    const second = Math.floor(Date.now() / 1000);
    const write = async (text: string): Promise<void> => {
      await change(there, "a", text);
      await utimes(path.join(there, "a"), second, second); // some ways to files tell whole seconds
    };
    await change(here, "a", "one");
    await write("one");
    const sides = { local: new LocalSide(here), remote: new LocalSide(there), choice: () => true };
    const options = { direction: "both", deletes: false, signal } as const;
    const plan = await planMirror(sides, nothing, options);
    await write("two");
    await delay(3500); // the files of others are on their way
    const { base } = await applyMirror(sides, plan, { steps: plan.steps, base: nothing, signal });
    assert.deepEqual(await planned(here, there, base, options), ["download a"]);
  });

  it("forgets a file that is gone on both sides, so that it is new when it comes back", async () => {
    const [here, there] = [await folders(), await folders()];
    const options = { direction: "both", deletes: true } as const;
    await change(here, "a", "one");
    let { base } = await mirror(here, there, nothing, options);
    await change(here, "a", undefined);
    await change(there, "a", undefined);
    ({ base } = await mirror(here, there, base, options));
    await change(here, "a", "one");
    assert.deepEqual(await planned(here, there, base, options), ["upload a"]);
  });

  it("leaves a file alone that changes between the plan and its turn", async () => {
    const [here, there] = [await folders(), await folders()];
    await change(here, "a", "new");
    await change(there, "a", "old!");
    const sides = { local: new LocalSide(here), remote: new LocalSide(there), choice: () => true };
    const plan = await planMirror(sides, nothing, { direction: "up", deletes: false, signal });
    await change(there, "a", "changed meanwhile");
    const { done, failures } = await applyMirror(sides, plan, { steps: plan.steps, base: nothing, signal });
    assert.equal(done, 0);
    assert.deepEqual(
      failures.map(({ error }) => (error as { failure?: string }).failure),
      ["changed"],
    );
    assert.deepEqual(await treeOf(there), new Map([["a", "changed meanwhile"]]));
  });
});

async function planned(
  here: string,
  there: string,
  base: RememberedBase,
  options: PlanOptions,
): Promise<string[]> {
  const sides = { local: new LocalSide(here), remote: new LocalSide(there), choice: () => true };
  return (await planMirror(sides, base, { ...options, signal })).steps.map(
    ({ kind, path: place }) => `${kind} ${place}`,
  );
}

async function mirror(
  here: string,
  there: string,
  base: RememberedBase,
  options: PlanOptions,
): Promise<MirrorOutcome> {
  const sides = { local: new LocalSide(here), remote: new LocalSide(there), choice: () => true };
  const plan = await planMirror(sides, base, { ...options, signal });
  return applyMirror(sides, plan, { steps: plan.steps, base, signal });
}

async function change(folder: string, place: string, text: string | undefined): Promise<void> {
  const file = path.join(folder, place);
  if (text === undefined) {
    await rm(file, { force: true });
  } else {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

async function treeOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const tree = await Promise.all(
    files.sort().map(async (file) => [path.relative(folder, file), await readFile(file, "utf8")] as const),
  );
  return new Map(tree);
}
