import assert from "node:assert/strict";
import { BackendAIClient } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { describeError, wordsFor } from "../../../../src/platform/describeError.js";
import { destroyMany, failuresInWords } from "../../../../src/sessions/lifecycle/destroyMany.js";
import { LogFollower } from "../../../../src/sessions/logs/logFollower.js";
import { LogText } from "../../../../src/sessions/logs/logText.js";
import { SessionFeed } from "../../../../src/sessions/sessionFeed.js";
import { SessionStore } from "../../../../src/sessions/sessionStore.js";
import { startSession } from "../../../../src/sessions/start/startSession.js";
import { until } from "../../../support/until.js";
import type { Cell } from "../cell.js";
import type { Operation } from "../operation.js";

const calm = (): AbortSignal => new AbortController().signal;

const connect: Operation = {
  name: "connect",
  words: "Connecting to a server and agreeing on its dialect",
  at: ({ target }) => target === "/",
  carries: "answer",
  flowBytes: 0,
  hasSession: false,
  act: async (cell) => {
    const client = await BackendAIClient.connect(cell.connectOptions);
    cell.owned.defer(() => void client.close());
  },
  verify: () => Promise.resolve(),
};

const list: Operation = {
  name: "list sessions",
  words: "The list of the Sessions view",
  at: ({ target }) => target.startsWith("/admin/"),
  carries: "answer",
  flowBytes: 0,
  hasSession: true,
  act: async (cell) => {
    const store = new SessionStore();
    await feedOf(cell, store).refresh();
    assert.ok(store.has(cell.session.id), "the session is listed");
  },
  verify: () => Promise.resolve(),
};

const start: Operation = {
  name: "start a session",
  words: "Starting a session and waiting until it runs",
  at: ({ method, target }) => method === "POST" && /^\/(session|kernel)(\/_\/create)?(\?|$)/.test(target),
  carries: "answer",
  flowBytes: 0,
  hasSession: false,
  count: async (cell) => (await sessionsNamed(cell, cell.name)).length,
  act: async (cell) => {
    const parts = { client: cell.client, image: cell.image, logger: silentLogger };
    const session = await startSession(parts, { request: { name: cell.name }, signal: calm() }, () =>
      Promise.resolve(),
    );
    assert.equal(session.status, "RUNNING");
  },
  verify: async (cell) => {
    for (const id of await sessionsNamed(cell, cell.name)) {
      await cell.place.witness.sessions.destroy(id, { forced: true });
    }
  },
};

const rename: Operation = {
  name: "rename a session",
  words: "Giving a session another name",
  at: ({ target }) => target.includes("/rename"),
  carries: "answer",
  flowBytes: 0,
  hasSession: true,
  count: (cell) => Promise.resolve(cell.carried("/rename")),
  act: async (cell) => cell.client.sessions.rename(cell.session.id, `${cell.name}-b`),
  verify: async (cell, { isDone }) => {
    if (isDone) {
      const { name } = await cell.place.witness.sessions.summary(cell.session.id);
      assert.equal(name, `${cell.name}-b`);
    }
  },
};

const destroy: Operation = {
  name: "destroy a session",
  words: "Destroying sessions",
  at: ({ method }) => method === "DELETE",
  carries: "answer",
  flowBytes: 0,
  hasSession: true,
  count: (cell) => Promise.resolve(cell.carried("", "DELETE")),
  act: async (cell) => {
    const outcome = await destroyMany(cell.client, [cell.summary], { signal: calm() });
    if (outcome.failures.length > 0) {
      cell.tell(failuresInWords(outcome, (error) => describeError(error).summary));
    }
  },
  verify: async (cell, { isDone }) => {
    if (isDone) {
      await until("the end of the session", async () => {
        const { status } = await cell.place.witness.sessions.summary(cell.session.id);
        return /TERMINAT|CANCEL/.test(status);
      });
    }
  },
};

const logs: Operation = {
  name: "read the log",
  words: "Show Session Log",
  at: ({ target }) => target.includes("/logs"),
  carries: "answer",
  flowBytes: 0,
  hasSession: true,
  prepare: async (cell) => cell.query("print('geloggt: grüße 한글')"),
  act: async (cell) => {
    const text = new LogText();
    const follower = cell.owned.add(
      new LogFollower({
        place: { kind: "container", sessionId: cell.session.id, kernelId: undefined },
        text,
        client: () => cell.client,
        onDidChange: () => undefined,
      }),
    );
    await follower.ready();
    const shown = text
      .lines()
      .map((line) => line.text)
      .join("\n");
    if (text.isEmpty) {
      cell.tell(shown.replaceAll(/^\[|\]$/g, ""));
    } else {
      assert.match(shown, /geloggt: grüße 한글/);
    }
  },
  verify: () => Promise.resolve(),
};

const feed: Operation = {
  name: "follow events",
  words: "The Sessions view, kept fresh by the server's events",
  at: ({ target }) => target.startsWith("/events/"),
  carries: "events",
  flowBytes: 250,
  hasSession: true,
  act: async (cell) => {
    const store = new SessionStore();
    const feed = feedOf(cell, store);
    feed.setWatched(true);
    await until(
      "the list, or that there is none",
      () => store.state.phase === "stale" || (store.state.phase === "ready" && store.has(cell.session.id)),
    );
    if (store.state.phase === "ready") {
      const { reference: image } = cell.image;
      const { id } = await cell.place.witness.sessions.create({ image, name: `${cell.name}-new` });
      await until(
        "the new session",
        () => store.find(id)?.status === "RUNNING" || store.state.phase === "stale",
      );
      await cell.place.settled();
      await cell.place.witness.sessions.destroy(id, { forced: true }).catch(() => undefined);
      await until("the end of the new session", () => !store.has(id));
    }
    const { error } = store.state;
    if (error !== undefined) {
      cell.tell(wordsFor(error));
    }
    feed.setWatched(false);
  },
  verify: () => Promise.resolve(),
};

export const sessionOperations: readonly Operation[] = [connect, list, start, rename, destroy, logs, feed];

function feedOf(cell: Cell, store: SessionStore): SessionFeed {
  return cell.owned.add(new SessionFeed({ connection: cell.connection, store, logger: silentLogger }));
}

async function sessionsNamed(cell: Cell, name: string): Promise<readonly string[]> {
  await cell.place.settled();
  if (cell.place.isStopped) {
    return [];
  }
  const ids: string[] = [];
  for await (const session of cell.place.witness.sessions.list()) {
    if (session.name === name) {
      ids.push(session.id);
    }
  }
  return ids;
}
