import assert from "node:assert/strict";
import { ConfigurationError } from "../../../src/api/index.js";
import { rejection } from "../assertions.js";
import { caseGroup, type ConformanceCase } from "../conformanceCase.js";
import { answering, batch, carriers, type Carrier, play, query } from "../playing.js";

function casesOver(carrier: Carrier): ConformanceCase[] {
  const covers: ConformanceCase["covers"] =
    carrier === "poll" ? ["execute", "execute(mode=input)"] : ["stream_execute"];
  const over = `over ${carrier === "poll" ? "requests" : "a websocket"}`;
  return [
    {
      covers,
      title: `asks for a line and gives it to the program, ${over}`,
      run: async (context) => {
        const code = "name = input('Who? ')\nprint(f'Hello {name}!')";
        const { events, stdout } = await query(context, await context.python(), code, {
          carrier,
          onEvent: answering("Zoë 한"),
        });
        assert.match(stdout, /^Who\? \n?Hello Zoë 한!\n$/);
        assert.deepEqual(
          events.find((event) => event.type === "inputRequested"),
          { type: "inputRequested", isPassword: false },
        );
      },
    },
    {
      covers,
      title: `says that a password is wanted, ${over}`,
      run: async (context) => {
        const code = "import getpass\nprint(len(getpass.getpass('Secret: ')))";
        const { events, stdout } = await query(context, await context.python(), code, {
          carrier,
          onEvent: answering("hunter2"),
        });
        assert.match(stdout, /7\n$/);
        assert.deepEqual(
          events.find((event) => event.type === "inputRequested"),
          { type: "inputRequested", isPassword: true },
        );
      },
    },
    {
      covers,
      title: `asks as often as the program does, also for an empty line, ${over}`,
      run: async (context) => {
        const code = "print([input(), input(), input()])";
        const { stdout } = await query(context, await context.python(), code, {
          carrier,
          onEvent: answering("1", "", "3"),
        });
        assert.match(stdout, /\['1', '', '3'\]\n$/);
      },
    },
    {
      covers,
      title: `asks for a program of a batch run as well, ${over}`,
      defects: ["batchLoses"],
      run: async (context) => {
        const { id } = await context.ownPython();
        const content = Buffer.from("print('got', input('Line: '))\n");
        await context.client.files.upload(id, [{ path: "main.py", content }]);
        const { stdout, exitCode } = await batch(
          context,
          id,
          { exec: "*" },
          { carrier, onEvent: answering("it") },
        );
        assert.match(stdout, /Line: \n?got it\n$/);
        assert.equal(exitCode, 0);
      },
    },
  ];
}

export const inputs = caseGroup("N", "Input", [
  ...carriers.flatMap(casesOver),
  {
    covers: ["execute(mode=input)"],
    title: "is not given a line that nobody asked for",
    run: async (context) => {
      const run = context.client.runs.start(await context.python(), { mode: "query", code: "pass" });
      await rejection(run.answer("early"), ConfigurationError);
      await play(run);
      await rejection(run.answer("late"), ConfigurationError);
    },
  },
  {
    covers: ["interrupt", "execute(mode=input)"],
    title: "ends a run that is interrupted while it waits for a line",
    run: async (context) => {
      const id = await context.python();
      const { events } = await query(context, id, "input('Anybody? ')\nprint('went on')", {
        onEvent: (event, run) => (event.type === "inputRequested" ? run.interrupt() : undefined),
      });
      assert.equal(events.at(-1)?.type, "finished");
      assert.equal((await query(context, id, "print('free')")).stdout, "free\n");
    },
  },
  {
    covers: ["execute(mode=input)"],
    title: "frees the session when the reader leaves a run that waits for a line",
    run: async (context) => {
      const id = await context.python();
      for await (const event of context.client.runs.start(id, { mode: "query", code: "input()" })) {
        if (event.type === "inputRequested") {
          break;
        }
      }
      assert.equal((await query(context, id, "print('free')")).stdout, "free\n");
    },
  },
]);
