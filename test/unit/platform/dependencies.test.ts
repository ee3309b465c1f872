import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as z from "zod/mini";

const versions = z.record(z.string(), z.string());
const Manifest = z.looseObject({
  devDependencies: versions,
  overrides: versions,
  dependencies: z.optional(z.unknown()),
});
const Locked = z.looseObject({
  version: z.optional(z.string()),
  resolved: z.optional(z.string()),
  integrity: z.optional(z.string()),
});
const Lock = z.looseObject({
  packages: z.record(z.string(), z.extend(Locked, { devDependencies: z.optional(versions) })),
});
const Audit = z.looseObject({
  auditReportVersion: z.number(),
  vulnerabilities: z.record(z.string(), z.looseObject({ severity: z.string() })),
});

/** A version and no range. */
const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

describe("packages from elsewhere", () => {
  const manifest = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8")));
  const { packages } = Lock.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));

  it("are named with one version each", () => {
    assert.equal(manifest.dependencies, undefined, "what ships is bundled");
    for (const [name, version] of [
      ...Object.entries(manifest.devDependencies),
      ...Object.entries(manifest.overrides),
    ]) {
      assert.match(version, exact, name);
    }
  });

  it("are locked to just these, with the checksum of each", () => {
    assert.deepEqual(packages[""]?.devDependencies, manifest.devDependencies);
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      assert.equal(packages[`node_modules/${name}`]?.version, version, name);
    }
    const others = Object.entries(packages).filter(([name]) => name !== "");
    const loose = others.filter(
      ([, { version, integrity }]) => !exact.test(version ?? "") || !/^sha512-/.test(integrity ?? ""),
    );
    assert.deepEqual(
      loose.map(([name]) => name),
      [],
    );
    const elsewhere = others.filter(([, { resolved }]) => resolved !== undefined);
    assert.deepEqual(elsewhere, [], "all come from the registry that npm is set to");
  });

  it("have no known weakness, where the registry answers audits", function () {
    this.timeout(120_000);
    const { stdout } = spawnSync("npm", ["audit", "--json"], {
      encoding: "utf8",
      timeout: 100_000,
      maxBuffer: 50_000_000,
    });
    const report = Audit.safeParse(parsed(stdout));
    if (!report.success) {
      console.log(
        `      left out: the registry that is reached here answers no audits (${/\d{3} [A-Z][\w ]+/.exec(stdout)?.[0] ?? "no report"})`,
      );
      this.skip();
    }
    const known = Object.entries(report.data?.vulnerabilities ?? {}).map(
      ([name, { severity }]) => `${name}: ${severity}`,
    );
    assert.deepEqual(known, []);
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
