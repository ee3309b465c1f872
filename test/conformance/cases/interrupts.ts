import assert from "node:assert/strict";
import { caseGroup, type ConformanceCase } from "../conformanceCase.js";
import { batch, carriers, type Carrier, onceShown, query } from "../playing.js";

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
    {
      covers: ["interrupt"],
      title: `interrupts the program of a batch run, ${over}`,
      defects: ["batchLoses"],
      run: async (context) => {
        const { id } = await context.ownPython();
        const content = Buffer.from("import time\nprint('on', flush=True)\ntime.sleep(60)\n");
        await context.client.files.upload(id, [{ path: "main.py", content }]);
        const { exitCode } = await batch(
          context,
          id,
          { exec: "*" },
          { carrier, onEvent: onceShown("on", async () => context.client.sessions.interrupt(id)) },
        );
        assert.notEqual(exitCode, 0);
        assert.equal((await query(context, id, "print('free')")).stdout, "free\n");
      },
    },
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
