import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { makePrivateKey } from "../../../src/engine/apps/ssh/sessionKeys.js";
import { packedBundle } from "../../../src/support/packedBundle.js";
import { searchPlaces } from "../../support/leaks/leftBehind.js";
import { ProcessSampler } from "../../support/leaks/processSampler.js";
import { type Form, forms } from "../../support/leaks/secretForms.js";
import { SecretSearch } from "../../support/leaks/secretSearch.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";
import { until } from "../../support/until.js";

const secrets = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcXYZ0189+/=_-%&\"' ".split("")), minLength: 12, maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...Array.from("aZ9é한🎉\\<>#")), minLength: 12, maxLength: 20 }),
);
/** The one that is planted in files and processes. */
const planted = "Zq9+planted/secret=한";

describe("the search for secrets", () => {
  for (const [form, write] of Object.entries(forms) as [string, Form][]) {
    it(`finds one ${form}, among other text`, () => {
      fc.assert(
        fc.property(secrets, fc.string(), fc.nat(), (secret, around, seed) => {
          const text = `${around} ${write(secret, seed)} ${around}`;
          for (const encoding of form === "with colours between"
            ? (["utf8"] as const)
            : (["utf8", "utf16le"] as const)) {
            assert.match(
              String(new SecretSearch({ key: secret }).find(Buffer.from(text, encoding))),
              /^key /,
            );
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  it("finds one in the base64 of what it is a part of, wherever it begins in it", () => {
    fc.assert(
      fc.property(
        secrets,
        fc.string({ maxLength: 5 }),
        fc.string({ maxLength: 5 }),
        (secret, before, after) => {
          const encoded = Buffer.from(before + secret + after);
          for (const text of [encoded.toString("base64"), encoded.toString("base64url")]) {
            assert.match(String(new SecretSearch({ key: secret }).find(text)), /^key /);
          }
        },
      ),
    );
  });

  it("finds a private key by any of its lines", () => {
    const key = makePrivateKey();
    const search = new SecretSearch({ key });
    const [, first = "", second = ""] = key.split("\n");
    for (const text of [key, JSON.stringify({ key }), encodeURIComponent(key), first, `x ${second} y`]) {
      assert.match(String(search.find(text)), /^key /, text);
    }
    assert.match(String(search.find(Buffer.from(key).toString("base64"))), /^key /);
    assert.deepEqual(search.find(makePrivateKey()), [], "another key");
  });

  it("finds nothing where there is none, and names no secret", () => {
    const search = new SecretSearch({ one: planted, two: "another-secret" });
    assert.deepEqual(search.find("Zq9+planted and another secret"), []);
    assert.deepEqual(search.find(`${planted} another-secret`), ["one as they are", "two as they are"]);
    assert.throws(() => new SecretSearch({ short: "abc" }), /^Error: short has 3 characters/);
  });

  describe("in files", () => {
    const folder = temporaryFolders();
    const search = new SecretSearch({ key: planted });

    it("finds it in each that has it, packed or not, in names and in folders below", async () => {
      const root = await folder();
      const deep = path.join(root, "deep", "deeper");
      await mkdir(deep, { recursive: true });
      await writeFile(path.join(root, "clean.txt"), "nothing");
      await writeFile(path.join(root, "plain.txt"), `key=${planted}`);
      await writeFile(path.join(deep, "url.txt"), `https://x.example/?key=${encodeURIComponent(planted)}`);
      await writeFile(path.join(deep, "state.json"), JSON.stringify({ a: JSON.stringify({ key: planted }) }));
      await writeFile(path.join(deep, "base64.txt"), Buffer.from(`me:${planted}`).toString("base64"));
      await writeFile(path.join(deep, Buffer.from(planted).toString("hex")), "");
      await writeFile(path.join(root, "log.gz"), gzipSync(`key=${planted}`));
      await writeFile(
        path.join(root, "bundle.zip"),
        packedBundle([{ name: "log.txt", text: `key=${planted}` }], new Date()),
      );
      const found = await searchPlaces([root, path.join(root, "none")], search);
      const places = found.map((what) =>
        path.relative(root, what.replace(/^the name of /, "").replace(/: key .*/, "")),
      );
      assert.deepEqual(
        places.sort(),
        [
          "bundle.zip/log.txt",
          "deep/deeper/base64.txt",
          `deep/deeper/${Buffer.from(planted).toString("hex")}`,
          "deep/deeper/state.json",
          "deep/deeper/url.txt",
          "log.gz",
          "plain.txt",
        ].sort(),
      );
      assert.ok(found.every((what) => !what.includes(planted)));
      assert.equal(
        (await searchPlaces([path.join(root, "plain.txt")], search)).length,
        1,
        "a file by itself",
      );
    });

    it("looks neither behind links nor where it is told not to", async () => {
      const [root, elsewhere] = [await folder(), await folder()];
      await writeFile(path.join(elsewhere, "plain.txt"), planted);
      await symlink(elsewhere, path.join(root, "link"));
      assert.deepEqual(await searchPlaces([root], search), []);
      assert.deepEqual(
        await searchPlaces([elsewhere], search, { without: (place) => place === elsewhere }),
        [],
      );
    });
  });

  it("finds it in the arguments of a process, and tells of the variables of each", async function () {
    if (process.platform !== "linux") {
      this.skip(); // processes are looked at by /proc
    }
    const told: string[] = [];
    const sampler = new ProcessSampler(({ variables }) => told.push(...variables));
    sampler.start();
    const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)", "--", `--key=${planted}`], {
      env: { ...process.env, PLANTED_NAME: "planted-value" },
      stdio: "ignore",
    });
    try {
      const search = new SecretSearch({ key: planted });
      const found = await until("the process to be seen", () => {
        const hits = sampler.find(search);
        return hits.length > 0 && told.includes("PLANTED_NAME=planted-value") && hits;
      });
      assert.match(String(found), /^arguments of .*key as they are$/);
      assert.ok(!String(found).includes(planted));
    } finally {
      sampler.stop();
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });
});
