import assert from "node:assert/strict";
import { ApiError, type Dialect, ForbiddenError, NotFoundError } from "../../../src/api/index.js";
import { serverRulesFor } from "../../../src/wire/serverRules.js";
import { isReleaseAtLeast } from "../../../src/wire/version.js";
import { collect, rejection } from "../assertions.js";
import { caseGroup, type ConformanceCase } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { caseName } from "../targets.js";
import { watch } from "../watching.js";

const nobody = "00000000-0000-4000-8000-000000000000";

/** Opens the stream, which is where servers without it are refused. */
const lacks: ConformanceCase["lacks"] = {
  feature: "events",
  refused: async ({ client }) => collect(client.events.sessions()),
};

/** What servers tell of a session's way up and down (`docs/protocol.md` §5.3, `docs/real-servers.md`). */
function story({ manager, events }: Dialect): { readonly up: string[]; readonly down: string[] } {
  const container = ["kernel_preparing", "kernel_creating", "kernel_started"];
  switch (events.vocabulary) {
    case "kernel":
      return { up: ["kernel_enqueued", ...container], down: ["kernel_terminating", "kernel_terminated"] };
    case "session": {
      const down = ["session_terminating", "kernel_terminating", "kernel_terminated", "session_terminated"];
      const isTerse = isReleaseAtLeast(manager, "23.09") && !isReleaseAtLeast(manager, "24.03");
      return isTerse
        ? { up: container, down }
        : { up: ["session_enqueued", "session_scheduled", ...container, "session_started"], down };
    }
    case "transitions":
      return {
        up: [
          ...["session_pending", "session_scheduled", "session_preparing", "session_prepared"],
          ...[...container, "session_creating", "session_started"],
        ],
        down: ["session_terminating", "kernel_terminated", "session_terminated"],
      };
  }
}

/** Seen on 23.09: these two, told at the same moment, overtake each other now and then. */
function inOrder(names: readonly string[]): readonly string[] {
  const at = names.indexOf("kernel_creating");
  return names[at + 1] === "kernel_preparing"
    ? names.with(at, "kernel_preparing").with(at + 1, "kernel_creating")
    : names;
}

/** The last event of a session. */
function ending({ events }: Dialect): string {
  return events.vocabulary === "kernel" ? "kernel_terminated" : "session_terminated";
}

/**
 * Creates a session and destroys it again.
 * @returns Its name.
 */
async function liveAndDie(context: CaseContext): Promise<string> {
  const { id, name } = await context.ownPython();
  await context.target.destroy(id);
  return name;
}

export const events = caseGroup("E", "Events", [
  {
    covers: ["stream_events"],
    title: "tells of a session's creation and of its end, in the order of its era",
    lacks,
    run: async (context) => {
      const stream = await watch(context);
      const name = await liveAndDie(context);
      await stream.seen(name, ending(context.dialect));
      const { up, down } = story(context.dialect);
      assert.deepEqual(inOrder(stream.names(name)), [...up, ...down]);
    },
  },
  {
    covers: ["stream_events"],
    title: "tells whose session it is, which, and why it ends",
    lacks,
    run: async (context) => {
      const { dialect } = context;
      const stream = await watch(context);
      const { id, name } = await context.ownPython();
      await context.target.destroy(id);
      const last = await stream.seen(name, ending(dialect));
      assert.equal(last.ownerAccessKey, context.target.keypair.accessKey);
      assert.equal(last.sessionId, dialect.events.vocabulary === "kernel" ? undefined : id);
      const first = stream.events.find(
        (event) => event.sessionName === name && /terminating$/.test(event.name),
      );
      assert.equal(first?.reason, "user-requested");
    },
  },
  {
    covers: ["stream_events"],
    title: "tells of one session alone when it is asked by name",
    lacks,
    run: async (context) => {
      const wanted = await context.ownPython();
      const stream = await watch(context, { name: wanted.name });
      const other = await liveAndDie(context);
      await context.target.destroy(wanted.id);
      await stream.seen(wanted.name, ending(context.dialect));
      assert.deepEqual(stream.names(other), []);
      const { namedContainerEnds } = serverRulesFor(context.dialect.manager).events;
      const { down } = story(context.dialect);
      const told = namedContainerEnds ? down : down.filter((event) => event !== "kernel_terminated");
      assert.deepEqual(stream.names(wanted.name), told);
    },
  },
  {
    covers: ["stream_events"],
    title: "tells of one session alone when it is asked by id, and of one scope",
    lacks,
    unless: (dialect) => (dialect.events.scopes ? undefined : "before 20.09 events go by name alone"),
    run: async (context) => {
      const wanted = await context.ownPython();
      const byId = await watch(context, { sessionId: wanted.id });
      const kernels = await watch(context, { scope: "kernel" });
      const other = await liveAndDie(context);
      await context.target.destroy(wanted.id);
      await byId.seen(wanted.name, "session_terminated");
      await kernels.seen(other, "kernel_terminated");
      assert.deepEqual(byId.names(other), []);
      assert.ok(kernels.events.every(({ name }) => name.startsWith("kernel_")));
    },
  },
  {
    covers: ["stream_events"],
    title: "tells how a batch session has ended",
    defects: ["executeFails"],
    lacks,
    run: async (context) => {
      const stream = await watch(context);
      const prefix = context.dialect.events.vocabulary === "kernel" ? "kernel" : "session";
      for (const [startupCommand, outcome] of [
        ["exit 0", "success"],
        ["exit 1", "failure"],
      ] as const) {
        const { name } = await context.ownPython({ type: "batch", startupCommand, enqueueOnly: true });
        await stream.seen(name, `${prefix}_${outcome}`);
      }
    },
  },
  {
    covers: ["stream_events"],
    title: "ends with its reader: by the signal with its reason, by leaving without a word",
    lacks,
    run: async (context) => {
      const { client } = context;
      const controller = new AbortController();
      const reason = new DOMException("seen enough", "AbortError");
      const reading = collect(client.events.sessions({}, { signal: controller.signal }));
      const { name } = await context.ownPython();
      controller.abort(reason);
      assert.equal(await rejection(reading, DOMException), reason);
      const stream = client.events.sessions();
      const first = stream.next();
      await liveAndDie(context);
      assert.notEqual((await first).value?.name, name);
      await stream.return();
    },
  },
  {
    covers: ["stream_events", "owner_access_key"],
    title: "does not tell of the sessions of others, nor of groups that are not there",
    lacks,
    run: async ({ client }) => {
      const others = collect(client.events.sessions({ ownerAccessKey: "AKIASOMEBODYELSE0000" }));
      const error = await rejection(others, ApiError);
      assert.ok(error instanceof ForbiddenError || error instanceof NotFoundError, String(error));
      await rejection(collect(client.events.sessions({ group: "no-such-group" })), NotFoundError);
    },
  },
  {
    covers: ["commit", "background tasks"],
    title: "commits a session in the background, and tells how far it is",
    lacks: {
      feature: "commit",
      refused: async ({ client, python }) => client.sessions.commit(await python()),
    },
    engineOnly: "it would leave an image file behind",
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      assert.equal(await client.sessions.commitStatus(id), "ready");
      const { taskId, path } = await client.sessions.commit(id, { filename: "image.tar.gz" });
      assert.match(path ?? "", /image\.tar\.gz$/);
      const states = (await collect(client.events.backgroundTask(taskId))).map(({ state }) => state);
      assert.equal(states.at(-1), "done");
      const again = (await collect(client.events.backgroundTask(taskId))).map(({ state }) => state);
      assert.deepEqual(again, ["done"]);
    },
  },
  {
    covers: ["background tasks"],
    title: "knows no background task that is not there",
    lacks: {
      feature: "backgroundTasks",
      refused: async ({ client }) => collect(client.events.backgroundTask(nobody)),
    },
    run: async ({ client, dialect }) => {
      const signal = AbortSignal.timeout(1000); // since 24.03 the stream is empty, and may stay open
      const error = await rejection(collect(client.events.backgroundTask(nobody, { signal })), Error);
      const mayBeOpen = isReleaseAtLeast(dialect.manager, "24.03");
      assert.ok(error instanceof ApiError || (mayBeOpen && signal.aborted), String(error));
    },
  },
  {
    covers: ["imagify"],
    title: "makes an image of a session, or says that it has no registry",
    lacks: {
      feature: "imagify",
      refused: async ({ client, python }) => client.sessions.imagify(await python(), caseName()),
    },
    engineOnly: "it would leave an image behind",
    run: async ({ client, python }) => {
      const error = await rejection(client.sessions.imagify(await python(), caseName()), ApiError);
      assert.equal(error.slug, "not-implemented");
    },
  },
]);
