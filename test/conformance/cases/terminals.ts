import assert from "node:assert/strict";
import { NotFoundError, type StreamPty } from "../../../src/api/index.js";
import { rejection } from "../assertions.js";
import { caseGroup } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { query } from "../playing.js";
import { caseName } from "../targets.js";

/** A terminal, and what it has shown so far. */
class Screen {
  #text = "";
  readonly ended: Promise<void>;

  constructor(
    readonly pty: StreamPty,
    readonly context: CaseContext,
  ) {
    this.ended = this.#read();
    this.ended.catch(() => undefined); // for those who ask
  }

  get text(): string {
    return this.#text;
  }

  async shows(pattern: RegExp): Promise<string> {
    const match = await this.context.until(() => pattern.exec(this.#text) ?? undefined);
    return match[0];
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.pty) {
      this.#text += decoder.decode(bytes, { stream: true });
    }
  }
}

/** Opens a session's terminal; it closes when the case is over. */
async function open(context: CaseContext, id: string): Promise<Screen> {
  const pty = await context.client.terminals.open(id);
  context.onEnd(async () => pty.close());
  return new Screen(pty, context);
}

export const terminals = caseGroup("T", "Terminals", [
  {
    covers: ["stream_pty"],
    title: "echoes what is typed, and shows what the shell answers, in every script",
    defects: ["terminalMute"],
    run: async (context) => {
      const { id } = await context.ownPython();
      const screen = await open(context, id);
      await screen.pty.write("echo $((40 + 2))-é한\r");
      await screen.shows(/echo \$\(\(40 \+ 2\)\)/);
      await screen.shows(/42-é한/);
    },
  },
  {
    covers: ["stream_pty", "stream_pty(resize)"],
    title: "takes a size",
    defects: ["terminalMute"],
    run: async (context) => {
      const { id } = await context.ownPython();
      const screen = await open(context, id);
      await screen.pty.resize(33, 101);
      await screen.pty.write("stty size\r");
      await screen.shows(/33 101/);
      await screen.pty.ping();
      await screen.pty.resize(20, 60);
      await screen.pty.write("stty size\r");
      await screen.shows(/20 60/);
    },
  },
  {
    covers: ["stream_pty"],
    title: "shows all who look the same terminal, which lives on when they go",
    defects: ["terminalMute"],
    run: async (context) => {
      const { id } = await context.ownPython();
      const [one, two] = [await open(context, id), await open(context, id)];
      await one.pty.write("kept=ab; echo $kept-$kept\r");
      await Promise.all([one.shows(/ab-ab/), two.shows(/ab-ab/)]);
      await one.pty.close();
      await two.pty.close();
      const again = await open(context, id);
      await again.pty.write("echo still-$kept\r");
      await again.shows(/still-ab/);
      assert.doesNotMatch(again.text, /ab-ab/);
    },
  },
  {
    covers: ["stream_pty"],
    title: "works in the files of the session",
    defects: ["terminalMute"],
    run: async (context) => {
      const { id } = await context.ownPython();
      await context.client.files.upload(id, [{ path: "seen.txt", content: Buffer.from("from a file") }]);
      const screen = await open(context, id);
      await screen.pty.write("cat seen.txt; echo typed > made.txt; echo do''ne\r");
      await screen.shows(/from a file/);
      await screen.shows(/done/);
      assert.equal((await context.client.files.downloadSingle(id, "made.txt")).toString(), "typed\n");
    },
  },
  {
    covers: ["stream_pty"],
    title: "ends with its shell, and with its session",
    defects: ["terminalMute"],
    run: async (context) => {
      const { id } = await context.ownPython();
      const screen = await open(context, id);
      await screen.pty.write("exit\r");
      await screen.ended;
      const next = await open(context, id);
      await next.pty.write("echo an''other\r");
      await next.shows(/another/);
      await context.target.destroy(id);
      await next.ended;
    },
  },
  {
    covers: ["stream_pty", "stream_pty(restart)"],
    title: "restarts the session where it can, and ends in any case",
    defects: ["terminalMute"],
    timeoutMs: 60_000,
    run: async (context) => {
      const { id } = await context.ownPython();
      await query(context, id, "before = 1; open('kept.txt', 'w').write('kept')");
      const screen = await open(context, id);
      await screen.pty.write("echo re''ady\r");
      await screen.shows(/ready/);
      await screen.pty.restart();
      await screen.ended;
      const { stdout, stderr } = await query(context, id, "print(open('kept.txt').read())\nbefore");
      assert.match(stdout, /^kept\n/);
      assert.equal(/NameError/.test(stderr), context.dialect.can.restart);
    },
  },
  {
    covers: ["stream_pty"],
    title: "is refused for a session that is not there",
    run: async ({ client }) => {
      await rejection(client.terminals.open(caseName()), NotFoundError);
    },
  },
]);
