import assert from "node:assert/strict";
import fc from "fast-check";
import { BackendAIClient, type SessionSummary } from "../../../src/api/index.js";
import { within } from "../../../src/base/abort.js";
import { BackendAIError } from "../../../src/base/errors.js";
import { sessionNode } from "../../../src/sessions/sessionTree.js";
import { sessionTooltip } from "../../../src/sessions/tree/sessionTooltip.js";
import { usageOf } from "../../../src/sessions/usage/usage.js";
import { usageTooltip } from "../../../src/sessions/usage/usageText.js";
import { releases } from "../../../src/wire/releases.js";
import { changed } from "../../faults/proxy/faults.js";
import { FaultProxy } from "../../faults/proxy/faultProxy.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { fuzzed } from "../../support/fuzz.js";
import { session } from "../../support/records.js";
import { drain } from "../api/support/scriptedServer.js";
import { mutated, mutations, type Mutation } from "./support/mutations.js";

/** Longest that a call may take whose answer is there at once. */
const callMs = 5000;

/** What is asked of a server, and shown of its answers. */
const calls: Readonly<Record<string, (client: BackendAIClient, id: string) => Promise<unknown>>> = {
  info: async (client, id) => client.sessions.info(id),
  page: async (client) => {
    const { items } = await client.sessions.page();
    return items.map(shown);
  },
  list: async (client) => (await drain(client.sessions.list())).map(shown),
  summary: async (client, id) => shown(await client.sessions.summary(id)),
  detail: async (client, id) => {
    return sessionTooltip({ session: session({ id }), details: await client.sessions.detail(id) });
  },
  record: async (client, id) => client.sessions.record(id),
  statistics: async (client, id) => {
    const usage = usageOf(await client.sessions.statistics(id), client.dialect.manager);
    return usage && usageTooltip({ name: "x" }, usage);
  },
  logs: async (client, id) => client.sessions.logs(id),
  match: async (client) => client.sessions.match("fuz"),
  statusHistory: async (client, id) => client.sessions.statusHistory(id),
  dependencyGraph: async (client, id) => client.sessions.dependencyGraph(id),
  idleChecks: async (client) => client.sessions.idleChecks(),
  files: async (client, id) => client.files.list(id),
  apps: async (client, id) => client.apps.list(id),
  images: async (client) => client.images.list(),
  groups: async (client) => client.groups.list(),
  presets: async (client) => client.resources.presets(),
  checkPresets: async (client) => client.resources.checkPresets(),
  resourceGroups: async (client) => client.resources.resourceGroups(),
  slotTypes: async (client) => client.resources.slotTypes(),
  folders: async (client) => client.folders.list(),
  folderFiles: async (client) => {
    const [folder] = await client.folders.list();
    return folder && client.folders.files.list(folder, "");
  },
  role: async (client) => client.auth.role(),
  hello: async (client) => client.server.hello(),
  managerStatus: async (client) => client.server.managerStatus(),
  announcement: async (client) => client.server.announcement(),
};

/** As rows of the Sessions view show it. */
function shown(summary: SessionSummary): unknown {
  return [sessionNode(summary, { now: Date.now() }), sessionTooltip({ session: summary })];
}

describe("Records of servers, changed anywhere", function () {
  this.timeout(60_000);

  for (const release of ["20.03", "23.09", "26.8"]) {
    describe(`on ${release}`, () => {
      let server: LocalServer;
      let proxy: FaultProxy;
      let client: BackendAIClient;
      let id: string;
      let changes: readonly Mutation[] = [];

      before(async () => {
        const known = releases.find((one) => one.release === release);
        assert.ok(known);
        server = await startLocalServer({ apiVersion: known.apiVersion, manager: known.manager });
        proxy = await FaultProxy.start();
        const { endpoint, accessKey, secretKey } = server.engine;
        const credentials = { type: "keypair", accessKey, secretKey } as const;
        client = await BackendAIClient.connect({ endpoint, credentials, proxy: proxy.url });
        const [image] = await client.images.list();
        ({ id } = await client.sessions.create({ image: image?.reference ?? "", name: "fuzzed" }));
        await client.folders.create("fuzzed");
        proxy.inject({ matches: () => true, fault: changed((body) => mutated(body, changes)) });
      });
      after(async () => {
        await client?.close();
        await proxy?.stop();
        await server?.stop();
      });

      it("become good values or errors of ours, at once", async () => {
        const property = fc.asyncProperty(
          fc.constantFrom(...Object.keys(calls)),
          mutations,
          async (name, given) => {
            changes = given;
            try {
              JSON.stringify(
                await within(calls[name]?.(client, id) ?? Promise.resolve(), callMs, "total", name),
              );
            } catch (error) {
              assert.ok(
                error instanceof BackendAIError,
                `${name}: ${error instanceof Error ? error.stack : String(error)}`,
              );
              assert.doesNotMatch(error.message, /took longer/, name);
            }
          },
        );
        await fuzzed(property, { numRuns: 120 });
      });
    });
  }
});
