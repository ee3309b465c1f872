import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { rememberSecret } from "../../../src/base/secrets/knownSecrets.js";
import { Tally } from "../../../src/base/tally.js";
import { bundleFiles, type BundleParts } from "../../../src/support/bundleFiles.js";
import { logTail } from "../../../src/support/logTail.js";
import { maskPersonal, type Person } from "../../../src/support/maskPersonal.js";
import { packedBundle } from "../../../src/support/packedBundle.js";
import { type Form, forms } from "../../support/leaks/secretForms.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";

const person: Person = { homes: ["/home/ada"], userName: "ada", hosts: [] };
const nothing: BundleParts = {
  madeAt: new Date("2026-01-02T03:04:06Z"),
  versions: { extension: "0.1.0", vscode: "1.98.0" },
  settings: {},
  server: { phase: "disconnected" },
  counts: {},
  variables: ["PATH", "BACKEND_SECRET_KEY"],
  problems: [],
  log: "2026-01-02 03:04:05.000 [info] command backendai.run.file\n",
};

/** Values that the extension held, and such as it never saw but that look like what they are. */
const heldSecrets = fc
  .string({ unit: fc.constantFrom(..."abcXYZ0189+/=_-%&\"' ".split("")), minLength: 16, maxLength: 44 })
  .map((text) => `s${text.trim()}E9`);
const strangers: readonly (readonly [what: string, plant: (secret: string) => string])[] = [
  ["header", (secret) => `Authorization: Bearer ${secret}`],
  ["cookie", (secret) => `Cookie: a=1; sid=${secret}`],
  ["member", (secret) => `{"session_token": "${secret}"}`],
  ["query", (secret) => `https://x.example/dl?token=${secret}`],
  ["address", (secret) => `http://me:${secret}@x.example`],
  ["variable", (secret) => `DB_PASSWORD=${secret}`],
  ["web token", (secret) => `eyJhbGciOiJIUzI1NiJ9.${secret}.${secret}`],
  ["key", (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`],
];

/** Everywhere that text of others gets into a bundle. */
function partsWith(text: string): BundleParts {
  return {
    ...nothing,
    settings: { "backendai.servers": [{ name: text, endpoint: text }], [text]: text },
    server: { ...nothing.server, error: text, nested: { deep: [text] } },
    problems: [{ at: nothing.madeAt, level: "error", message: text }],
    log: `${nothing.log ?? ""}before ${text} after\n`,
    variables: ["PATH", text],
  };
}

describe("a support bundle", () => {
  for (const [name, form] of Object.entries(forms) as [string, Form][]) {
    it(`holds no secret that the extension held, ${name}`, () => {
      fc.assert(
        fc.property(heldSecrets, fc.nat(), (secret, seed) => {
          rememberSecret(secret);
          const planted = form(secret, seed);
          for (const file of bundleFiles(partsWith(planted), person)) {
            assert.ok(!file.text.includes(planted), `${file.name}: ${file.text}`);
            assert.ok(!file.text.includes(secret), `${file.name}: ${file.text}`);
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  it("holds no secret that it never saw before but that looks like one", () => {
    const secret = fc.string({
      unit: fc.constantFrom(..."abcXYZ0189_-".split("")),
      minLength: 24,
      maxLength: 40,
    });
    fc.assert(
      fc.property(secret, fc.constantFrom(...strangers), fc.nat(), (unknown, [, plant], seed) => {
        const at = 2 + (seed % (unknown.length - 4));
        const coloured = `${unknown.slice(0, at)}\x1b[1;31m${unknown.slice(at)}\x1b[0m`;
        for (const text of [plant(unknown), plant(coloured), JSON.stringify(plant(unknown))]) {
          for (const file of bundleFiles(partsWith(text), person)) {
            assert.ok(!file.text.includes(unknown), `${file.name}: ${file.text}`);
          }
        }
      }),
    );
  });

  it("stays JSON where it is JSON, whatever is in it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        const files = bundleFiles({ ...partsWith(text), server: { auth: value, token: value } }, person);
        for (const { name, text: content } of files.filter((file) => file.name.endsWith(".json"))) {
          assert.doesNotThrow(() => JSON.parse(content) as unknown, name);
        }
      }),
    );
  });

  it("tells versions, counts and names of variables, and what is not in it", () => {
    const texts = Object.fromEntries(bundleFiles(nothing, person).map(({ name, text }) => [name, text]));
    assert.match(texts["versions.json"] ?? "", /"extension": "0\.1\.0"/);
    assert.equal(texts["variables.txt"], "BACKEND_SECRET_KEY\nPATH\n");
    assert.equal(texts["log.txt"], nothing.log);
    assert.equal(texts["problems.txt"], "None.\n");
    assert.match(texts["README.txt"] ?? "", /look through it before you give it to others/);
  });

  it("says who somebody is nowhere", () => {
    const rows: readonly [text: string, expected: string][] = [
      ["open /home/ada/x.py", "open ~/x.py"],
      ["open /home/adam/x.py", "open /home/‹user›/x.py"],
      ["open /home/work/x.py of a session", "open /home/work/x.py of a session"],
      ["file:///home/ada/a%20b", "file://~/a%20b"],
      ["uri %2Fhome%2Fada%2Fx", "uri ~%2Fx"],
      [
        "/Users/bob/x and C:\\Users\\bob\\x and C:\\\\Users\\\\bob",
        "/Users/‹user›/x and C:\\Users\\‹user›\\x and C:\\\\Users\\\\‹user›",
      ],
      ["from ada.lovelace@lab.example.com, ada%40x.org", "from ‹e-mail›, ‹e-mail›"],
      ["ADA is ada, not adalbert", "‹user› is ‹user›, not adalbert"],
    ];
    for (const [text, expected] of rows) {
      assert.equal(maskPersonal(text, person), expected);
    }
  });

  it("names no server where that is wanted", () => {
    const hosts = ["gpu.lab.example:8443", "gpu.lab.example"];
    const text = maskPersonal("https://gpu.lab.example:8443/x and GPU.lab.example, not xgpu.lab.example", {
      ...person,
      hosts,
    });
    assert.equal(text, "https://‹server 1›/x and ‹server 2›, not xgpu.lab.example");
  });
});

describe("a packed bundle", () => {
  const folder = temporaryFolders();

  it("is opened by other programs, with all its files", async () => {
    const files = [
      { name: "README.txt", text: "Grüße 🎉\n" },
      { name: "deep/log.txt", text: "line of a log\n".repeat(50_000) },
    ];
    const file = path.join(await folder(), "made.zip");
    await writeFile(file, packedBundle(files, new Date()));
    const script = `import json,sys,zipfile
z=zipfile.ZipFile(sys.argv[1])
print(json.dumps([{"name": i.filename, "text": z.read(i).decode()} for i in z.infolist()]))`;
    const output = execFileSync("python3", ["-c", script, file], { maxBuffer: 10_000_000 });
    assert.deepEqual(JSON.parse(output.toString()), files);
    assert.ok((await stat(file)).size < 20_000, "it is packed");
  });
});

describe("the end of a log", () => {
  const folder = temporaryFolders();

  it("is read from the newest files, whole lines alone, and of its own channel", async () => {
    const place = path.join(await folder(), "logs");
    await mkdir(place);
    await writeFile(path.join(place, "Backend.AI.1.log"), "old 1\nold 2\n");
    await utimes(path.join(place, "Backend.AI.1.log"), 1000, 1000); // times of files tell which is the newest
    await writeFile(path.join(place, "Backend.AI.log"), "new 1\nnew 2\n");
    await writeFile(path.join(place, "Backend.AI Language Servers.log"), "others\n");
    assert.equal(await logTail(place, "Backend.AI", 1000), "old 1\nold 2\nnew 1\nnew 2\n");
    assert.equal(await logTail(place, "Backend.AI", 16), "new 1\nnew 2\n");
    assert.equal(await logTail(place, "Backend.AI", 8), "new 2\n");
    assert.equal(await logTail(path.join(place, "none"), "Backend.AI", 8), undefined);
  });
});

describe("Tally", () => {
  it("counts what is under way and how the rest came out, each once", () => {
    const tally = new Tally();
    const first = tally.begin("run");
    tally.begin("run");
    first("exited");
    first("failed");
    assert.deepEqual(tally.counts, { "run under way": 1, "run exited": 1 });
  });
});
