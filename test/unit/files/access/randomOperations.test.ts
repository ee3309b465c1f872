import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { silentLogger } from "../../../../src/base/logger.js";
import type { FileAccess } from "../../../../src/files/access/fileAccess.js";
import { FileAccessError } from "../../../../src/files/access/fileAccessError.js";
import { RoutedAccess } from "../../../../src/files/access/ways/routedAccess.js";
import { SessionSftp } from "../../../../src/files/sftp/sessionSftp.js";
import { bytesOf, calm, contentOf, withAccess } from "../support/accessTarget.js";
import { LocalModel, type Operation, type Outcome } from "../support/localModel.js";

const names = ["a", "b", "with space", "quote'\"", "Ä猫#%"];

const place = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"));

/** What replaces a folder that it is in is left out: systems differ in what they make of it. */
const operations: fc.Arbitrary<Operation> = fc
  .oneof(
    fc.record({
      act: fc.constant("write" as const),
      to: place,
      content: fc.string({ maxLength: 20 }),
      overwrite: fc.boolean(),
    }),
    fc.record({ act: fc.constant("makeDirectory" as const), to: place }),
    fc.record({ act: fc.constant("makeDirectory" as const), to: fc.constantFrom(...names) }),
    fc.record({ act: fc.constant("remove" as const), to: place, recursive: fc.boolean() }),
    fc.record({
      act: fc.constantFrom("rename" as const, "copy" as const),
      from: place,
      to: place,
      overwrite: fc.boolean(),
    }),
  )
  .filter((one) => !("from" in one) || !`${one.from}/`.startsWith(`${one.to}/`) || one.from === one.to);

/** Failures that ways tell differently, as some look at the path before they look at what it leads through. */
const likeMissing: readonly Outcome[] = ["notFound", "notADirectory"];

/** Sequences that once ended otherwise. */
const examples: [Operation[]][] = [
  [
    [
      { act: "makeDirectory", to: "a" },
      { act: "copy", from: "a", to: "a", overwrite: false },
    ],
  ],
  [
    [
      { act: "makeDirectory", to: "a" },
      { act: "copy", from: "a", to: "b/missing", overwrite: true },
      { act: "rename", from: "a", to: "b/missing", overwrite: true },
    ],
  ],
];

describe("random operations on the files of a session", function () {
  this.timeout(300_000);
  const at = withAccess();

  async function run(files: FileAccess, root: string, operation: Operation): Promise<Outcome> {
    const to = `${root}/${operation.to}`;
    try {
      switch (operation.act) {
        case "write":
          await files.write(to, contentOf(operation.content), { ...calm, overwrite: operation.overwrite });
          break;
        case "makeDirectory":
          await files.makeDirectory(to, calm);
          break;
        case "remove":
          await files.remove(to, { ...calm, recursive: operation.recursive });
          break;
        default:
          await files[operation.act](`${root}/${operation.from}`, to, {
            ...calm,
            overwrite: operation.overwrite,
          });
      }
      return "done";
    } catch (error) {
      if (error instanceof FileAccessError) {
        return error.failure;
      }
      throw error;
    }
  }

  async function contents(files: FileAccess, root: string, below = ""): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const { name, type } of await files.list(`${root}/${below}`, calm)) {
      const own = path.posix.join(below, name);
      if (type === "directory") {
        Object.assign(found, { [own]: "(folder)" }, await contents(files, root, own));
      } else {
        found[own] = (await bytesOf(files.read(`${root}/${own}`, calm))).toString();
      }
    }
    return found;
  }

  /** Does the same here and there, and compares how each operation ends, and what is there at the end. */
  async function compare(files: FileAccess, numRuns: number, maxLength: number): Promise<void> {
    let round = 0;
    const property = fc.asyncProperty(fc.array(operations, { minLength: 5, maxLength }), async (sequence) => {
      round += 1;
      const root = `${at.folder}/round ${round}`;
      const local = await mkdtemp(path.join(os.tmpdir(), "backendai-model-"));
      try {
        const model = new LocalModel(local);
        await files.makeDirectory(root, calm);
        for (const operation of sequence) {
          const expected = await model.run(operation);
          const outcome = await run(files, root, operation);
          const isSame = likeMissing.includes(expected)
            ? likeMissing.includes(outcome)
            : outcome === expected;
          assert.ok(isSame, `${JSON.stringify(operation)}: ${outcome} instead of ${expected}`);
        }
        assert.deepEqual(await contents(files, root), await model.contents());
      } finally {
        await rm(local, { recursive: true, force: true });
      }
    });
    await fc.assert(property, { numRuns, examples, endOnFailure: true });
  }

  it("end as on a local disk, by SFTP", async () => {
    await compare(at.sftp, Number(process.env["FILES_RUNS"] ?? 60), 30);
  });

  it("end as on a local disk, by the server's calls and commands", async () => {
    const choice = { connection: () => "api" as const, mayRunCommands: () => Promise.resolve(true) };
    const sftp = new SessionSftp(at.tunnels, silentLogger);
    const files = new RoutedAccess({ client: at.client, sessionId: at.sessionId }, sftp, choice);
    await compare(files, Number(process.env["FILES_RUNS"] ?? 4), 12);
  });
});
