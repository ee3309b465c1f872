import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { extensionRoot } from "../host/paths.js";
import type { ReferenceClient } from "./clients.js";
import { type ClientUser, commandMs } from "./support/clientUser.js";

const script = path.join(extensionRoot, "test/reference/library.py");
const session = "from-library";

/** What `library.py` saw. */
interface Seen {
  readonly hello: { readonly version: string; readonly manager: string };
  readonly id: string;
  readonly created: boolean;
  readonly status: string;
  readonly again: { readonly id: string; readonly created: boolean };
  readonly greeting: Execution;
  readonly failure: Execution;
  readonly streamed: Execution;
  readonly files: { readonly files: string };
  readonly info: Readonly<Record<string, unknown>>;
  readonly logs: string;
  readonly listed: readonly Readonly<Record<string, unknown>>[];
  readonly destroyed: unknown;
  readonly events: readonly (readonly [name: string, data: Readonly<Record<string, unknown>>])[];
  readonly listedAfterwards: readonly unknown[];
}

interface Execution {
  readonly console: readonly (readonly [type: string, text: string])[];
  readonly statuses: readonly string[];
  readonly exitCode?: number;
  readonly refused?: { readonly title: string };
}

/** What programs do with the library. */
export function describeLibrary(client: ReferenceClient, userOf: () => ClientUser): void {
  describe("as a library", function () {
    this.timeout(2 * commandMs); // the script has its own deadline
    const bytes = randomBytes(3000);
    const lastEvent = `${client.tellsOf}_terminated`;
    let user: ClientUser;
    let seen: Seen;

    before(async () => {
      user = userOf();
      await mkdir(user.file("library"));
      await writeFile(user.file("library/data.bin"), bytes);
      const output = await user.script(script, ["python", session, lastEvent, user.file("library")]);
      seen = JSON.parse(output) as Seen;
    });

    it("reads the versions of the server", () => {
      const { version, manager } = seen.hello;
      assert.deepEqual(["--api", version, "--manager", manager], client.engine);
    });

    it("creates a session once, and gets the same one afterwards", () => {
      assert.deepEqual([seen.created, seen.status], [true, "RUNNING"]);
      assert.deepEqual(seen.again, { id: seen.id, created: false });
    });

    if (client.answer === "taken") {
      it("answers the input() of a run over requests", () => {
        assert.equal(textOf("stdout", seen.greeting), "who? hello Ada\n");
        assert.equal(seen.greeting.exitCode, 0);
        assert.ok(seen.greeting.statuses.includes("waiting-input"));
      });
    } else {
      it("is refused when it answers input() over requests, as by servers of its time", () => {
        assert.equal(textOf("stdout", seen.greeting), "who? ");
        assert.equal(seen.greeting.refused?.title, "Invalid session data.");
      });
    }

    it("answers the input() of a run over a websocket", () => {
      assert.equal(textOf("stdout", seen.streamed), "who? hello Grace\n");
      assert.ok(seen.streamed.statuses.includes("waiting-input"));
    });

    it("tells output from errors, and reads the exit code that servers of its time give", () => {
      assert.equal(textOf("stdout", seen.failure), "before\n");
      assert.match(textOf("stderr", seen.failure), /ValueError.*: on purpose/);
      assert.equal(seen.failure.exitCode, client.errorExitCode);
    });

    it("uploads a file, lists it, and downloads the same bytes", async () => {
      const files = JSON.parse(seen.files.files) as { filename: string; size: number }[];
      assert.equal(files.find(({ filename }) => filename === "data.bin")?.size, bytes.length);
      assert.deepEqual(await readFile(user.file("library/back/data.bin")), bytes);
    });

    it("reads the facts of a session, and what it printed", () => {
      assert.equal(seen.info["status"], "RUNNING");
      assert.match(String(seen.info["image"]), /^local\/python:3/);
      assert.equal(seen.info["numQueriesExecuted"], client.answer === "taken" ? 3 : 2);
      assert.match(seen.logs, /who\? [^]*before\n[^]*on purpose/);
    });

    it("lists the session over GraphQL while it runs", () => {
      const { name, status, image } = seen.listed.find(({ id }) => id === seen.id) ?? {};
      assert.deepEqual([name, status], [session, "RUNNING"]);
      assert.match(String(image), /^local\/python:3/);
    });

    it("destroys the session, and hears of its end", () => {
      assert.deepEqual(seen.destroyed, {
        stats: client.tellsOf === "session" ? { status: "terminated" } : {},
      });
      const names = seen.events.map(([name]) => name);
      assert.equal(names[0], `${client.tellsOf}_terminating`);
      assert.equal(names.at(-1), lastEvent);
      assert.ok(seen.events.every(([, data]) => data["sessionName"] === session));
      const listed = seen.listedAfterwards as { id: string }[];
      assert.deepEqual(
        listed.filter(({ id }) => id === seen.id),
        [],
      );
    });
  });
}

function textOf(type: string, { console: records }: Execution): string {
  return records.flatMap(([found, text]) => (found === type ? [text] : [])).join("");
}
