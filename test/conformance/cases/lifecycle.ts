import assert from "node:assert/strict";
import {
  ApiError,
  ConfigurationError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
} from "../../../src/api/index.js";
import { limits } from "../../../src/wire/limits.js";
import { isReleaseAtLeast } from "../../../src/wire/version.js";
import { rejection } from "../assertions.js";
import { caseGroup, type ConformanceCase, NotApplicable } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { onceShown, query } from "../playing.js";
import { caseName } from "../targets.js";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a session is gone, by the two ways in which servers say so. */
async function isGone({ client }: CaseContext, id: string): Promise<boolean> {
  try {
    const { status } = await client.sessions.info(id);
    return status === "TERMINATED" || status === "CANCELLED";
  } catch (error) {
    if (error instanceof NotFoundError) {
      return true;
    }
    throw error;
  }
}

/**
 * Asks for more than the server has, so that the session waits.
 * @throws {NotApplicable} when it is refused at once.
 */
async function waitingSession(
  context: CaseContext,
  options: { readonly enqueueOnly?: boolean; readonly maxWaitSeconds?: number },
): Promise<{ readonly id: string; readonly status: string }> {
  try {
    return await context.ownPython({ ...options, resources: { cpu: 4096, mem: "1g" } });
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && context.target.isReal) {
      throw new NotApplicable(`what can't be had is refused: ${error.message}`);
    }
    throw error;
  }
}

const creation: readonly ConformanceCase[] = [
  {
    covers: [
      ...(["get_or_create", "get_or_create(client_token)", "get_or_create(type)"] as const),
      ...(["get_or_create(domain)", "get_or_create(group)", "get_info", "destroy"] as const),
    ],
    title: "creates a session that runs, and ends it",
    run: async (context) => {
      const { client, dialect } = context;
      const name = caseName();
      const session = await context.ownPython({ name });
      assert.deepEqual(
        [session.name, session.status, session.created, session.domain, session.group],
        [name, "RUNNING", true, context.target.place.domain, context.target.place.group],
      );
      assert.match(session.id, dialect.addressing === "uuid" ? uuid : new RegExp(`^${name}$`));
      assert.ok(Array.isArray(session.servicePorts));
      assert.equal((await client.sessions.info(session.id)).status, "RUNNING");
      await client.sessions.destroy(session.id);
      await context.until(async () => isGone(context, session.id));
    },
  },
  {
    covers: ["get_or_create(client_token)"],
    title: "is given a name when the caller has none, and no name that servers can't find",
    run: async ({ client, target, onEnd }) => {
      const image = await target.pythonImage();
      const { id, name } = await client.sessions.create({ image });
      onEnd(async () => target.destroy(id));
      assert.match(name, limits.sessionName);
      for (const bad of ["abc", "x".repeat(65), "sp ace", "-dash-", "sl/ash"]) {
        await rejection(client.sessions.create({ image, name: bad }), ConfigurationError);
      }
    },
  },
  {
    covers: ["get_or_create"],
    title: "returns the live session of the same name and image",
    run: async (context) => {
      const first = await context.ownPython();
      const again = await context.ownPython({ name: first.name });
      assert.deepEqual(
        [again.id, again.name, again.status, again.created],
        [first.id, first.name, "RUNNING", false],
      );
      assert.deepEqual(again.servicePorts, first.servicePorts);
    },
  },
  {
    covers: ["get_or_create(no_reuse)"],
    title: "refuses a name that is taken when nothing is to be reused",
    run: async (context) => {
      const { name } = await context.ownPython();
      const error = await rejection(context.ownPython({ name, reuseIfExists: false }), ConflictError);
      assert.equal(error.slug, "session-already-exists");
    },
  },
  {
    covers: ["get_or_create"],
    title: "refuses to return a session of another image",
    run: async (context) => {
      const { name } = await context.ownPython();
      const image = await context.image("nodejs");
      await rejection(context.create({ image, name }), ConflictError);
    },
  },
  {
    covers: [
      ...(["get_or_create(envs)", "get_or_create(tag)", "get_or_create(resources)"] as const),
      ...(["get_or_create(resource_opts)", "get_or_create(cluster_size)"] as const),
      ...(["get_or_create(scaling_group)", "get_or_create(domain)", "get_or_create(group)"] as const),
    ],
    title: "takes variables, a tag, resources, their options, and where the session belongs",
    run: async (context) => {
      const [resourceGroup] = await context.client.resources.resourceGroups();
      const { id } = await context.ownPython({
        environ: { PLAIN: "1", ODD: "a b=c 'd' \"e\" ü" },
        tag: "a tag",
        resources: { cpu: 1, mem: "512m" },
        resourceOptions: { shmem: "64m" },
        clusterSize: 1,
        ...context.target.place,
        resourceGroup,
      });
      const { stdout } = await query(context, id, "import os; print(os.environ['PLAIN'], os.environ['ODD'])");
      assert.equal(stdout, "1 a b=c 'd' \"e\" ü\n");
      assert.equal((await context.client.sessions.summary(id)).tag, "a tag");
    },
  },
  {
    covers: ["get_or_create(enqueue_only)"],
    title: "answers PENDING at once when it is only to queue, and starts the session later",
    run: async (context) => {
      const { id, status } = await context.ownPython({ enqueueOnly: true });
      assert.equal(status, "PENDING");
      await context.until(async () => (await context.client.sessions.info(id)).status === "RUNNING");
      assert.equal((await query(context, id, "print(1)")).stdout, "1\n");
    },
  },
  {
    covers: ["get_or_create(max_wait)", "get_or_create(resources)", "destroy"],
    title: "answers TIMEOUT when a session has not started in time, and cancels it",
    run: async (context) => {
      const { id, status } = await waitingSession(context, { maxWaitSeconds: 1 });
      assert.equal(status, "TIMEOUT");
      assert.equal((await context.client.sessions.info(id)).status, "PENDING");
      await context.client.sessions.destroy(id);
      await context.until(async () => isGone(context, id));
    },
  },
  {
    covers: ["get_or_create(max_wait)"],
    title: "does not wait longer than the session takes",
    run: async (context) => {
      assert.equal((await context.ownPython({ maxWaitSeconds: 60 })).status, "RUNNING");
    },
  },
  {
    covers: ["get_or_create(mounts)"],
    title: "mounts folders, those of the call and those of the connection",
    run: async (context) => {
      const names = [caseName(), caseName()];
      for (const name of names) {
        const body = JSON.stringify({ name });
        const made = await context.raw({ method: "POST", path: "/folders", body });
        if (context.target.isReal && made.status >= 400) {
          throw new NotApplicable(`no folder can be made: ${made.status} ${made.body}`);
        }
        assert.ok(made.status < 300, made.body);
        context.onEnd(async () => context.raw({ method: "DELETE", path: `/folders/${name}` }));
      }
      const [own = "", common = ""] = names;
      const client = await context.connect({ mounts: [common] });
      const listed = (await client.folders.list()).map(({ name }) => name);
      assert.ok(names.every((name) => listed.includes(name)));
      const image = await context.target.pythonImage();
      const writer = await context.create({ image, mounts: [own] }, client);
      await query(context, writer.id, `for d in ['${own}', '${common}']: open(d + '/note', 'w').write(d)`);
      const reader = await context.create({ image, mounts: [own] }, client);
      const code = `print([open(d + '/note').read() for d in ['${own}', '${common}']])`;
      assert.equal((await query(context, reader.id, code)).stdout.trim(), `['${own}', '${common}']`);
    },
  },
  {
    covers: ["get_or_create(type)", "get_or_create(startup_command)"],
    title: "runs the command of a batch session, which ends by itself with its result",
    defects: ["executeFails"], // agents start the command by the same code
    run: async (context) => {
      const { client } = context;
      for (const [startupCommand, expected] of [
        ["exit 0", "success"],
        ["exit 4", "failure"],
      ] as const) {
        const session = await context.ownPython({ type: "batch", startupCommand, enqueueOnly: true });
        const ended = await context.until(async () => {
          const found = await endedSession(context, session.id);
          return found.status === "TERMINATED" ? found : undefined;
        });
        assert.deepEqual([ended.type, ended.result], ["batch", expected]);
      }
      const image = await context.target.pythonImage();
      const bare = client.sessions.create({ image, name: caseName(), type: "batch" });
      assert.equal((await rejection(bare, ApiError)).status, 400);
    },
  },
  {
    covers: ["get_or_create"],
    title: "refuses images, domains, groups and resource groups that are not there",
    run: async (context) => {
      await rejection(context.create({ image: "nobody.example.com/no/such:1" }), ApiError);
      await rejection(context.ownPython({ domain: "no-such-domain" }), ApiError);
      await rejection(context.ownPython({ group: "no-such-group" }), ApiError);
      await rejection(context.ownPython({ resourceGroup: "no-such-group" }), ApiError);
      await rejection(context.ownPython({ resources: { "no.such.slot": 1 } }), ApiError);
    },
  },
];

/** A session that runs something until it ends. */
async function busySession(context: CaseContext): Promise<string> {
  const { id } = await context.ownPython();
  const code = "import time; print('busy', flush=True); time.sleep(600)";
  await new Promise<void>((resolve, reject) => {
    const onEvent = onceShown("busy", async () => {
      resolve();
      await Promise.resolve();
    });
    query(context, id, code, { onEvent }).catch(reject); // it ends with the session
  });
  return id;
}

/** Up to 20.03 servers may keep force for administrators. */
async function destroyByForce({ client, dialect }: CaseContext, id: string): Promise<unknown> {
  try {
    return await client.sessions.destroy(id, { forced: true });
  } catch (error) {
    if (error instanceof ForbiddenError && !isReleaseAtLeast(dialect.manager, "20.09")) {
      return client.sessions.destroy(id);
    }
    throw error;
  }
}

/** A session that may have ended: v4 finds those by the list alone. */
async function endedSession(
  { client }: CaseContext,
  id: string,
): Promise<{ readonly status: string; readonly type: string; readonly result: string | undefined }> {
  const { items } = await client.sessions.page({ status: ["TERMINATED", "CANCELLED"] });
  return items.find((item) => item.id === id) ?? { status: "", type: "", result: undefined };
}

export const lifecycle = caseGroup("L", "Life cycle", [
  ...creation,
  {
    covers: ["destroy", "destroy(forced)"],
    title: "ends a busy session, also by force where users may",
    run: async (context) => {
      const plain = await busySession(context);
      assert.equal(typeof (await context.client.sessions.destroy(plain)), "object");
      await context.until(async () => isGone(context, plain));
      const forced = await busySession(context);
      assert.equal(typeof (await destroyByForce(context, forced)), "object");
      await context.until(async () => isGone(context, forced));
    },
  },
  {
    covers: ["destroy"],
    title: "does not find a session twice",
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      await client.sessions.destroy(id);
      await context.until(async () => isGone(context, id));
      try {
        assert.deepEqual(await client.sessions.destroy(id), {});
      } catch (error) {
        assert.ok(error instanceof NotFoundError, String(error));
      }
      await rejection(client.sessions.destroy(caseName()), NotFoundError);
    },
  },
  {
    covers: ["restart"],
    title: "restarts a session: its files stay, its variables go",
    lacks: {
      feature: "restart",
      refused: async ({ client, python }) => client.sessions.restart(await python()),
    },
    timeoutMs: 60_000,
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      await query(context, id, "lost = 1; open('kept.txt', 'w').write('kept')");
      await client.sessions.restart(id);
      await context.until(async () => (await client.sessions.info(id)).status === "RUNNING");
      assert.equal((await client.files.downloadSingle(id, "kept.txt")).toString(), "kept");
      assert.match((await query(context, id, "lost")).stderr, /NameError/);
    },
  },
  {
    covers: ["rename"],
    title: "gives a session another name",
    lacks: {
      feature: "rename",
      refused: async ({ client, python }) => client.sessions.rename(await python(), caseName()),
    },
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      const name = caseName();
      await client.sessions.rename(id, name);
      assert.equal((await client.sessions.summary(id)).name, name);
      await rejection(client.sessions.rename(id, "a b"), ConfigurationError);
    },
  },
  {
    covers: ["owner_access_key", "get_or_create(owner_access_key)"],
    title: "takes the caller's own key as owner, in every call",
    run: async (context) => {
      const { client, target } = context;
      const call = { ownerAccessKey: target.keypair.accessKey };
      const image = await target.pythonImage();
      const { id } = await client.sessions.create({ image, name: caseName() }, call);
      context.onEnd(async () => target.destroy(id));
      assert.equal((await client.sessions.info(id, call)).status, "RUNNING");
      await client.files.upload(id, [{ path: "own.txt", content: Buffer.from("own") }], call);
      assert.ok((await client.files.list(id, ".", call)).entries.some(({ name }) => name === "own.txt"));
      assert.equal((await client.files.downloadSingle(id, "own.txt", call)).toString(), "own");
      const { stdout } = await query(context, id, "print(open('own.txt').read())", call);
      assert.equal(stdout, "own\n");
      assert.equal(typeof (await client.sessions.logs(id, {}, call)), "string");
      await client.sessions.interrupt(id, call);
      await client.sessions.destroy(id, {}, call);
    },
  },
  {
    covers: ["owner_access_key"],
    title: "does not act for others: what is destroyed or read for another key is not this session",
    run: async (context) => {
      const { sessions } = context.client;
      const { id } = await context.ownPython();
      const call = { ownerAccessKey: "AKIASOMEBODYELSE0000" };
      await rejection(sessions.logs(id, {}, call), ApiError);
      await rejection(sessions.destroy(id, {}, call), ApiError);
      assert.equal((await sessions.info(id)).status, "RUNNING");
    },
  },
  {
    covers: ["get_or_create", "get_info"],
    title: "shows two clients the same session",
    run: async (context) => {
      const [one, two] = [await context.connect(), await context.connect()];
      const image = await context.target.pythonImage();
      const session = await context.create({ image }, one);
      const same = await context.create({ image, name: session.name }, two);
      assert.deepEqual([same.id, same.created], [session.id, false]);
      assert.equal((await two.sessions.info(session.id)).status, "RUNNING");
    },
  },
  {
    covers: ["templates and clusters"],
    title: "knows no template that is not there",
    lacks: {
      feature: "createFromTemplate",
      refused: async ({ client }) => client.sessions.createFromTemplate("none"),
    },
    run: async (context) => {
      const template = "00000000-0000-4000-8000-000000000000";
      await rejection(context.client.sessions.createFromTemplate(template), ApiError);
    },
  },
  {
    covers: ["templates and clusters"],
    title: "knows no cluster of a template that is not there",
    lacks: {
      feature: "createCluster",
      refused: async ({ client }) => client.sessions.createCluster("none"),
    },
    run: async (context) => {
      const template = "00000000-0000-4000-8000-000000000000";
      await rejection(context.client.sessions.createCluster(template), ApiError);
    },
  },
]);
