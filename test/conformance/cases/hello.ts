import assert from "node:assert/strict";
import { isReleaseAtLeast, parseApiVersion } from "../../../src/wire/version.js";
import { caseGroup } from "../conformanceCase.js";
import { closedEndpoint } from "../localServers.js";

export const hello = caseGroup("H", "Hello and versions", [
  {
    covers: ["hello"],
    title: "says its API version and its release to anybody",
    run: async ({ connect, client, signal }) => {
      const anonymous = await connect({ credentials: { type: "anonymous" } });
      const { version, manager } = await anonymous.server.hello({ signal });
      assert.ok(parseApiVersion(version), version);
      assert.match(manager ?? "", /^\d+\.\d+/);
      assert.deepEqual([version, manager], [client.hello.version, client.hello.manager]);
    },
  },
  {
    covers: ["hello"],
    title: "is spoken to in the version that it announced",
    run: async ({ client }) => {
      assert.equal(client.dialect.apiVersion, client.hello.version);
      assert.equal(client.dialect.manager, client.hello.manager);
      await client.auth.test();
    },
  },
  {
    covers: ["hello"],
    title: "is found behind an endpoint that ends in a slash, and after one that is dead",
    run: async ({ connect, client }) => {
      const dead = await closedEndpoint();
      const second = await connect({ endpoint: [dead, `${client.endpoint}/`] });
      assert.equal(second.endpoint, client.endpoint);
      await second.auth.test();
    },
  },
  {
    covers: ["hello"],
    title: "refuses a version that no server has",
    run: async ({ raw, dialect }) => {
      const refusal = async (version: string): Promise<unknown> => {
        const answer = await raw({ path: "/auth/test", method: "POST", body: "{}", version });
        return [answer.status, answer.slug];
      };
      assert.deepEqual(await refusal("v99.20990101"), [400, "generic-bad-request"]);
      const isFoundOutLate = isReleaseAtLeast(dialect.manager, "26.1");
      const old = isFoundOutLate ? [401, "auth-failed"] : [400, "generic-bad-request"];
      assert.deepEqual(await refusal("v1.20160101"), old);
    },
  },
  {
    covers: ["hello"],
    title: "accepts the version of an older client in header and signature",
    run: async ({ raw }) => {
      const body = '{"echo":"old"}';
      const answer = await raw({ path: "/auth/test", method: "POST", body, version: "v4.20190315" });
      assert.equal(answer.status, 200, answer.body);
      assert.match(answer.body, /"old"/);
    },
  },
]);
