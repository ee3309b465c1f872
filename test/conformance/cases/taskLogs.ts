import assert from "node:assert/strict";
import { NotFoundError } from "../../../src/api/index.js";
import { collect } from "../assertions.js";
import { caseGroup, NotApplicable } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";

const nobody = "00000000-0000-4000-8000-000000000000";

async function refused({ client }: CaseContext): Promise<unknown> {
  return collect(client.sessions.taskLogs(nobody));
}

/**
 * Runs a batch session to its end.
 * @returns The UUID of its container.
 */
async function runTask(context: CaseContext, startupCommand: string): Promise<string> {
  const { id } = await context.ownPython({ type: "batch", startupCommand, enqueueOnly: true });
  return context.until(async () => {
    const { items } = await context.client.sessions.page({ status: "TERMINATED" });
    return items.find((item) => item.id === id)?.mainKernelId;
  });
}

/** Real servers keep the logs of tasks in a folder of the user's, if there is one when the session is created. */
async function ensureLogFolder(context: CaseContext): Promise<void> {
  const { isReal } = context.target;
  if (!isReal || (await context.client.folders.list()).some(({ name }) => name === ".logs")) {
    return;
  }
  const body = JSON.stringify({ name: ".logs" });
  const made = await context.raw({ method: "POST", path: "/folders", body });
  if (made.status >= 300) {
    throw new NotApplicable(
      `the user has no folder .logs, and none can be made: ${made.status} ${made.body}`,
    );
  }
  context.onEnd(async () => context.raw({ method: "DELETE", path: "/folders/.logs" }));
}

export const taskLogs = caseGroup("G", "Task logs", [
  {
    covers: ["get_task_logs", "get_task_logs(task_id)", "get_task_logs(chunk_size)"],
    title: "gives the output of a batch session in pieces of 8192 bytes, or as asked",
    lacks: { feature: "taskLogs", refused },
    defects: ["executeFails"], // agents start the command by the same code
    run: async (context) => {
      const { client } = context;
      await ensureLogFolder(context);
      const command = `python3 -c "print('é' * 10000)"; echo last >&2`;
      const kernelId = await runTask(context, command);
      const pieces = await collect(client.sessions.taskLogs(kernelId));
      assert.deepEqual(
        pieces.map(({ length }) => length),
        [8192, 8192, 20_001 + "last\n".length - 2 * 8192],
      );
      assert.equal(Buffer.concat(pieces).toString(), `${"é".repeat(10_000)}\nlast\n`);
      const large = await collect(client.sessions.taskLogs(kernelId, { chunkSize: 100_000 }));
      assert.ok(Buffer.concat(large).equals(Buffer.concat(pieces)));
      assert.equal(large.length, 1);
    },
  },
  {
    covers: ["get_task_logs"],
    title: "has nothing for a task that is not there",
    lacks: { feature: "taskLogs", refused },
    run: async ({ client }) => {
      try {
        assert.deepEqual(await collect(client.sessions.taskLogs(nobody)), []);
      } catch (error) {
        assert.ok(error instanceof NotFoundError, String(error));
      }
    },
  },
]);
