import assert from "node:assert/strict";
import { GraphqlError, NotFoundError, ServerError } from "../../../src/api/index.js";
import { collect, rejection } from "../assertions.js";
import { caseGroup } from "../conformanceCase.js";
import { batch, query } from "../playing.js";
import { caseName } from "../targets.js";

const nobody = "00000000-0000-4000-8000-000000000000";

export const listings = caseGroup("I", "Looking at sessions", [
  {
    covers: ["get_info"],
    title: "tells image, status and age",
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      const before = await client.sessions.info(id);
      const after = await client.sessions.info(id);
      assert.equal(before.status, "RUNNING");
      assert.equal(before.image ?? before.lang, await context.target.pythonImage());
      assert.ok((before.age ?? -1) >= 0 && (after.age ?? 0) >= (before.age ?? 0));
    },
  },
  {
    covers: ["get_info"],
    title: "counts how often a session was asked to execute",
    defects: ["queriesUncounted"],
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      const before = await client.sessions.info(id);
      await query(context, id, "pass");
      const after = await client.sessions.info(id);
      assert.ok((after.numQueriesExecuted ?? 0) > (before.numQueriesExecuted ?? 0));
    },
  },
  {
    covers: ["get_info", "list sessions"],
    title: "knows no session that is not there",
    run: async ({ client, dialect }) => {
      const id = dialect.addressing === "uuid" ? nobody : caseName();
      const error = await rejection(client.sessions.info(id), NotFoundError);
      assert.equal(error.slug, dialect.errors.sessionNotFound);
      await rejection(client.sessions.summary(id), NotFoundError);
    },
  },
  {
    covers: ["list sessions"],
    title: "lists sessions with what is known of them, newest first",
    run: async (context) => {
      const { client } = context;
      const older = await context.ownPython();
      const newer = await context.ownPython({ tag: "listed" });
      const { items } = await client.sessions.page({ status: "RUNNING" });
      const at = (id: string): number => items.findIndex((item) => item.id === id);
      assert.ok(at(newer.id) >= 0 && at(newer.id) < at(older.id));
      const found = items[at(newer.id)];
      assert.deepEqual(
        [found?.name, found?.type, found?.status, found?.tag, found?.accessKey],
        [newer.name, "interactive", "RUNNING", "listed", context.target.keypair.accessKey],
      );
      assert.ok(Math.abs(Date.now() - (found?.createdAt?.getTime() ?? 0)) < 300_000);
      assert.deepEqual(await client.sessions.summary(newer.id), found);
    },
  },
  {
    covers: ["list sessions"],
    title: "lists page by page, each session once",
    run: async (context) => {
      const { client } = context;
      const own = [await context.ownPython(), await context.ownPython(), await context.ownPython()];
      const { items, total } = await client.sessions.page({ status: "RUNNING", limit: 1 });
      assert.equal(items.length, 1);
      assert.ok(total >= own.length);
      const ids = (await collect(client.sessions.list({ status: "RUNNING", limit: 2 }))).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(own.every(({ id }) => ids.includes(id)));
    },
  },
  {
    covers: ["list sessions"],
    title: "lists by status: what has ended is not among what runs",
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      await context.target.destroy(id);
      const running = (await client.sessions.page({ status: ["PENDING", "RUNNING"] })).items;
      assert.ok(!running.some((item) => item.id === id));
      await context.until(async () =>
        (await client.sessions.page({ status: "TERMINATED" })).items.some((item) => item.id === id),
      );
    },
  },
  {
    covers: ["list sessions"],
    title: "tells what is wrong with a GraphQL query",
    run: async ({ client }) => {
      const error = await rejection(client.graphql("{ no_such_thing }"), GraphqlError);
      assert.match(error.messages.join(), /no_such_thing/);
    },
  },
  {
    covers: ["match"],
    title: "finds sessions by name",
    lacks: { feature: "match", refused: async ({ client }) => client.sessions.match("any") },
    run: async (context) => {
      const { id, name } = await context.ownPython();
      const matches = await context.client.sessions.match(name);
      assert.deepEqual(
        matches.map((match) => [match.id, match.name]),
        [[id, name]],
      );
      assert.deepEqual(await context.client.sessions.match("nobody-is-called-so"), []);
    },
  },
  {
    covers: ["get_logs"],
    title: "gives a container's log",
    run: async ({ client, python }) => {
      assert.equal(typeof (await client.sessions.logs(await python())), "string");
    },
  },
  {
    covers: ["get_logs"],
    title: "has the output of runs in the log, its colours as well, also after the end",
    defects: ["logOfRunner"],
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      await query(context, id, "print('\\x1b[31mred\\x1b[0m of a query')");
      await batch(context, id, { exec: "echo of a batch run" });
      const log = await client.sessions.logs(id);
      assert.ok(log.includes("\u001B[31mred\u001B[0m of a query"), JSON.stringify(log));
      assert.ok(log.includes("of a batch run"));
      await context.target.destroy(id);
      assert.equal(await client.sessions.logs(id), log);
    },
  },
  {
    covers: ["container log by kernel"],
    title: "gives the log of one container",
    lacks: {
      feature: "containerLogsByKernel",
      refused: async ({ client, python }) => client.sessions.logs(await python(), { kernelId: nobody }),
    },
    run: async ({ client, python }) => {
      const id = await python();
      const { mainKernelId = "" } = await client.sessions.summary(id);
      assert.equal(typeof (await client.sessions.logs(id, { kernelId: mainKernelId })), "string");
    },
  },
  {
    covers: ["dependency graph"],
    title: "shows a session that waits for none",
    lacks: {
      feature: "dependencyGraph",
      refused: async ({ client, python }) => client.sessions.dependencyGraph(await python()),
    },
    run: async ({ client, python }) => {
      const id = await python();
      const graph = await client.sessions.dependencyGraph(id);
      assert.equal(graph.session_id, id);
      assert.match(graph.status, /RUNNING$/);
      assert.deepEqual(graph.depends_on, []);
    },
  },
  {
    covers: ["status history"],
    title: "tells when a session entered its statuses",
    lacks: {
      feature: "statusHistory",
      refused: async ({ client, python }) => client.sessions.statusHistory(await python()),
    },
    run: async ({ client, python }) => {
      const history = await client.sessions.statusHistory(await python());
      assert.ok("PENDING" in history && "RUNNING" in history, Object.keys(history).join());
      assert.ok(!Number.isNaN(Date.parse(String(history["RUNNING"]))));
    },
  },
  {
    covers: ["transit-status"],
    title: "checks statuses against the agents, or says that it no longer does",
    lacks: {
      feature: "transitStatus",
      refused: async ({ client, python }) => client.sessions.transitStatus([await python()]),
    },
    run: async ({ client, dialect, python }) => {
      const id = await python();
      if (dialect.errors.errorCode) {
        const error = await rejection(client.sessions.transitStatus([id]), ServerError);
        assert.equal(error.slug, "not-implemented");
      } else {
        assert.deepEqual(await client.sessions.transitStatus([id]), { [id]: "RUNNING" });
      }
    },
  },
  {
    covers: ["abusing report, direct access"],
    title: "reports no abuse, and no direct way into an ordinary session",
    lacks: {
      feature: "abusingReport",
      refused: async ({ client, python }) => client.sessions.abusingReport(await python()),
    },
    run: async ({ client, python }) => {
      const id = await python();
      assert.equal(await client.sessions.abusingReport(id), undefined);
      assert.equal(await client.sessions.directAccess(id), undefined);
    },
  },
  {
    covers: ["list sessions"],
    title: "tells slots, project and container of a session, and lists one's own by when they ended",
    run: async (context) => {
      const { client, dialect } = context;
      const { id } = await context.ownPython();
      const detail = await client.sessions.detail(id);
      const { image, requestedSlots: slots, containers, resourceGroup } = detail;
      const { name, status } = await client.sessions.summary(id);
      assert.deepEqual([detail.id, detail.name, detail.status], [id, name, status]);
      assert.ok(Number(slots["cpu"]) >= 1 && Number(slots["mem"]) > 0, JSON.stringify(slots));
      assert.equal(resourceGroup, "default");
      if (dialect.graphql.fields === "current") {
        assert.deepEqual(
          containers.map(({ isMain, status }) => ({ isMain, status })),
          [{ isMain: true, status: "RUNNING" }],
        );
      }
      assert.match((await client.sessions.imageDigest(image)) ?? "sha256:", /^sha256:/);
      assert.equal(await client.sessions.imageDigest("no.such/image:none"), undefined);
      await context.target.destroy(id);
      const { accessKey } = context.target.keypair;
      await context.until(async () => {
        const page = { status: ["TERMINATED", "CANCELLED"], order: "ended", accessKey } as const;
        const { items } = await client.sessions.page(page);
        const ends = items.flatMap(({ terminatedAt }) => terminatedAt?.getTime() ?? []);
        assert.deepEqual(
          ends,
          [...ends].sort((a, b) => b - a),
        );
        return items.some((item) => item.id === id);
      });
    },
  },
]);
