import assert from "node:assert/strict";
import { phaseOf } from "../../../../src/wire/status.js";
import { type Row, type SessionServer } from "../../../support/sessionServer.js";
import { until } from "../../../support/until.js";
import { type Exchange, recordingsOf } from "../../golden/recordings.js";
import { Followed } from "../support/followed.js";

/** What answers of the release are like: the version that it announces, and the file whose list is the pattern of ours. */
const releases = {
  "23.09": { manager: "23.09.10", version: "v7.20230615", list: "graphql.json" },
  "24.09": { manager: "24.09.6", version: "v8.20240915", list: "graphql.json" },
  "26.8": { manager: "26.8.1", version: "v9.20250722", list: "c22_graphql.json" },
} as const;

/** The status that real servers have in their list when they send an event; events that are not here leave it as it was. */
const statuses: Readonly<Record<string, string>> = {
  session_enqueued: "PENDING",
  session_pending: "PENDING",
  session_scheduled: "SCHEDULED",
  session_preparing: "PREPARING",
  session_prepared: "PREPARED",
  session_creating: "CREATING",
  session_started: "RUNNING",
  session_terminating: "TERMINATING",
  session_terminated: "TERMINATED",
};

/** The way of a session: no status may come after one that is further down. */
const way = ["PENDING", "SCHEDULED", "PREPARING", "PREPARED", "CREATING", "RUNNING", "TERMINATING"];

/** A recorded event: its name, its session, and its bytes as they came. */
interface RecordedEvent {
  readonly name: string;
  readonly sessionId: string;
  readonly sessionName: string;
  readonly bytes: string;
}

for (const [release, { list, ...hello }] of Object.entries(releases)) {
  describe(`Recorded events of ${release}, through client, feed and store`, () => {
    const recordings = recordingsOf(release);
    const streams = recordings.filter(
      ({ path, stream = "" }) => /\/events\/session/.test(path) && stream.includes("event: "),
    );
    const pattern = rowOf(recordings.find(({ title }) => title.includes(`/${list} #0`)));
    let at: Followed;
    let server: SessionServer;

    beforeEach(async () => {
      at = new Followed();
      server = await at.server(hello);
    });
    afterEach(async () => at.end());

    it("are there", () => assert.ok(streams.length >= 3, String(streams.length)));

    for (const { title, path, stream = "" } of streams) {
      it(`leave the session where it was: ${title.split("/").at(-1)} ${path}`, async () => {
        const events = eventsOf(stream);
        const [first] = events;
        assert.ok(first);
        const { sessionId: id, sessionName: name } = first;
        const isCreated = /_(pending|enqueued|preparing)$/.test(first.name);
        const row = (status: string): Row => ({ ...pattern, id, session_id: id, name, status });
        const seen: string[] = [];
        at.store.onDidChange(() => seen.push(at.store.has(id) ? (at.store.find(id)?.status ?? "") : "gone"));
        server.rows = isCreated ? [] : [row("RUNNING")];
        at.feed.setWatched(true);
        await at.connect(server);
        await until(
          "the list and the events",
          () => at.store.state.phase === "ready" && server.streams === 1,
        );
        await at.feed.readEnded();

        const goesUp = events.filter(({ name: event }) => !/terminat/.test(event));
        const goesDown = events.filter((event) => !goesUp.includes(event));
        play(server, goesUp, row);
        if (goesUp.length > 0) {
          server.rows = [row("RUNNING")];
          await until("the session to run", () => at.store.find(id)?.status === "RUNNING");
        }
        if (goesDown.length > 0) {
          play(server, goesDown, row);
          server.rows = [row("TERMINATED")];
          await until("the session to be gone", () => !at.store.has(id));
          const over = at.store.ended.sessions.map((session) => [session.id, phaseOf(session.status)]);
          assert.deepEqual(over, [[id, "ended"]]);
        }
        const steps = seen.flatMap((status) => (way.includes(status) ? [way.indexOf(status)] : []));
        assert.deepEqual(
          steps,
          [...steps].sort((a, b) => a - b),
          seen.join(" "),
        );
        assert.ok(server.count("list") <= 3, "lists are for the beginning");
      });
    }
  });
}

/** Sends the events one after the other, each when the server's list says the same. */
function play(server: SessionServer, events: readonly RecordedEvent[], row: (status: string) => Row): void {
  for (const { name, bytes } of events) {
    const status = statuses[name] ?? server.rows[0]?.status ?? "PREPARING";
    server.rows = [row(status)];
    server.send(bytes);
  }
}

function eventsOf(stream: string): RecordedEvent[] {
  return stream.split(/(?<=\r\n\r\n)(?=event:|:)/).flatMap((bytes) => {
    const [, name, data] = /^event: (\S+)\r\ndata: (.*)\r\n/.exec(bytes.replace(/^(?:\r\n)+/, "")) ?? [];
    if (name === undefined || data === undefined) {
      return [];
    }
    const { sessionId, sessionName } = JSON.parse(data) as { sessionId: string; sessionName: string };
    return [{ name, sessionId, sessionName, bytes }];
  });
}

/** The first row of a recorded list. */
function rowOf(exchange: Exchange | undefined): Row {
  const { data } = JSON.parse(exchange?.body?.toString() ?? "{}") as {
    data: { compute_session_list: { items: Row[] } };
  };
  const [row] = data.compute_session_list.items;
  assert.ok(row, "there is a recorded list");
  return row;
}
