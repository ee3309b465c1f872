import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Client, ClientChannel } from "ssh2";
import { followCommand, startCommand, statusCommand } from "../../../src/run/jobs/jobScripts.js";
import { batchOf, type RunPlan, scriptOf } from "../../../src/run/plan/runPlan.js";
import { dial } from "../terminal/bareEnd.js";
import type { BenchServer } from "../support/benchServer.js";

/** The least code that runs a program by the API's websocket and reads what it prints. */
export async function bareApiRun(server: BenchServer, sessionId: string, plan: RunPlan): Promise<string> {
  const socket = dial(server, `/${sessionId}/execute`);
  let text = "";
  const ended = new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString("utf8")) as { status: string; console?: [string, string][] };
      text += (frame.console ?? []).map(([, piece]) => piece).join("");
      if (frame.status === "finished") {
        resolve();
      } else if (frame.status === "error") {
        reject(new Error(data.toString("utf8")));
      }
    });
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ mode: "batch", code: "", options: batchOf(plan) }));
  await ended;
  socket.close();
  await once(socket, "close");
  return text;
}

/** The least code that runs a program as a job, by the very commands of the extension. */
export async function bareSshRun(connection: Client, plan: RunPlan): Promise<string> {
  const id = `bare-${randomBytes(6).toString("hex")}`;
  const job = { id, kind: "terminal", rows: 24, cols: 80, note: "{}" } as const;
  const script = scriptOf(plan);
  await output(connection, startCommand(job, Buffer.byteLength(script)), script);
  const text = await output(connection, followCommand(id, { out: 0, err: 0 }));
  const status = await output(connection, statusCommand(id));
  if (!/^terminal over 0 /.test(status)) {
    throw new Error(`The job ended as ${status}.`);
  }
  return text;
}

/** Without an input its end stays open, as a follower's has to. */
async function output(connection: Client, command: string, input?: string): Promise<string> {
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    connection.exec(command, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  let text = "";
  channel.on("data", (piece: Buffer) => (text += piece.toString("utf8")));
  channel.stderr.resume();
  if (input !== undefined) {
    channel.end(input);
  }
  await once(channel, "close");
  return text;
}
