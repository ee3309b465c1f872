import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type RunningEngine, startEngine } from "../../scripts/support/engineProcess.js";
import { type ReferenceClient, triedClients } from "./clients.js";
import { describeCommandLine } from "./commandLine.js";
import { describeLibrary } from "./library.js";
import {
  ensureClient,
  ensureMs,
  type InstalledClient,
  PythonMissingError,
} from "./support/clientEnvironment.js";
import { ClientUser } from "./support/clientUser.js";

/** The engine starts within 30 s, and ends within 6 s. */
const engineMs = 40_000;

/** Why clients can't be tried here. */
const missing: string[] = [];

/** One is installed after the other, while those before it are tried. */
const installations = new Map<ReferenceClient, Promise<InstalledClient | undefined>>();

before(() => {
  let last: Promise<unknown> = Promise.resolve();
  for (const client of triedClients) {
    const installed = last.then(async () => ensureClient(client).catch(reasonToSkip));
    installations.set(client, installed);
    last = installed.catch(() => undefined); // who waits for it is told
  }
});

for (const client of triedClients) {
  describe(`reference client ${client.version} on the local engine of its time`, function () {
    let user: ClientUser | undefined;
    let engine: RunningEngine | undefined;
    let folder: string | undefined;

    before(async function () {
      this.timeout(triedClients.length * ensureMs + engineMs);
      const installed = await installations.get(client);
      if (installed === undefined) {
        this.skip();
      }
      folder = await mkdtemp(path.join(os.tmpdir(), "backendai-reference-"));
      engine = await startEngine(client.engine);
      user = new ClientUser(installed, folder, engine.env);
    });

    after(async function () {
      this.timeout(engineMs);
      await engine?.stop();
      if (folder !== undefined) {
        await rm(folder, { recursive: true, force: true });
      }
    });

    describeCommandLine(client, () => user!);
    describeLibrary(client, () => user!);
  });
}

describe("reference clients", () => {
  it("can be tried here, at least one of them", () => {
    assert.ok(
      missing.length < triedClients.length,
      `None of the reference clients can be tried here, so nothing is proven.\n${missing.join("\n")}`,
    );
  });
});

function reasonToSkip(error: unknown): undefined {
  if (!(error instanceof PythonMissingError)) {
    throw error;
  }
  console.log(`Skipped: ${error.message}`);
  missing.push(error.message);
}
