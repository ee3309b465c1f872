import assert from "node:assert/strict";
import { caseGroup, type ConformanceCase } from "../conformanceCase.js";
import { batch, carriers, type Carrier, onceShown, query } from "../playing.js";

/** What a batch run may be: without `exec` the shell is interrupted on real servers, and its program lives on. */
const programs = [
  ["the program", "main.py", "*"],
  ["a program that the shell hands over to", "named.py", "exec python3 -u named.py"],
] as const;

function casesOver(carrier: Carrier): ConformanceCase[] {
  const over = `over ${carrier === "poll" ? "requests" : "a websocket"}`;
  return [
    {
      covers: ["interrupt", carrier === "poll" ? "execute" : "stream_execute"],
      title: `interrupts a busy query with a KeyboardInterrupt and keeps its variables, ${over}`,
      run: async (context) => {
        const id = await context.python();
        const code = "count = 0\nprint('on', flush=True)\nwhile True:\n    count += 1";
        const { stderr, events } = await query(context, id, code, {
          carrier,
          onEvent: onceShown("on", async () => context.client.sessions.interrupt(id)),
        });
        assert.equal(events.at(-1)?.type, "finished");
        assert.match(stderr, /KeyboardInterrupt/);
        assert.equal((await query(context, id, "print(count > 0)", { carrier })).stdout, "True\n");
      },
    },
    ...programs.map(([what, file, exec]): ConformanceCase => ({
      covers: ["interrupt"],
      title: `interrupts ${what} of a batch run, ${over}`,
      defects: ["batchLoses"],
      run: async (context) => {
        const { id } = await context.ownPython();
        const content = Buffer.from("import time\nprint('on', flush=True)\ntime.sleep(60)\n");
        await context.client.files.upload(id, [{ path: file, content }]);
        const onEvent = onceShown("on", async () => context.client.sessions.interrupt(id));
        const { exitCode } = await batch(context, id, { exec }, { carrier, onEvent });
        assert.notEqual(exitCode, 0);
        assert.equal((await query(context, id, "print('free')")).stdout, "free\n");
      },
    })),
  ];
}

export const interrupts = caseGroup("X", "Interrupts", [
  ...carriers.flatMap(casesOver),
  {
    covers: ["interrupt"],
    title: "does nothing to an idle session",
    run: async (context) => {
      const id = await context.python();
      await context.client.sessions.interrupt(id);
      assert.equal((await query(context, id, "print('fine')")).stdout, "fine\n");
    },
  },
  {
    covers: ["interrupt"],
    title: "lets a program handle it and go on",
    run: async (context) => {
      const id = await context.python();
      const code =
        "import time\ntry:\n    print('on', flush=True)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print('caught')";
      const { stdout, exitCode } = await query(context, id, code, {
        onEvent: onceShown("on", async () => context.client.sessions.interrupt(id)),
      });
      assert.deepEqual([stdout, exitCode], ["on\ncaught\n", 0]);
    },
  },
]);
