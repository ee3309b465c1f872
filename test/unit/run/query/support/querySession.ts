import type { BackendAIClient } from "../../../../../src/api/index.js";
import { openServerTarget, type ServerTarget } from "../../../../support/serverTarget.js";

/** A server and one session of Python on it. */
export interface QuerySession {
  readonly client: BackendAIClient;
  readonly id: string;
  readonly isReal: boolean;
  /** Runs code; resolves with what it printed. */
  ask(code: string): Promise<string>;
  end(): Promise<void>;
}

/** Opens a session on the server of the tests (`openServerTarget`). */
export async function openQuerySession(): Promise<QuerySession> {
  const target = await openServerTarget(process.env);
  try {
    return await sessionOn(target);
  } catch (error) {
    await target.end();
    throw error;
  }
}

async function sessionOn(target: ServerTarget): Promise<QuerySession> {
  const { client, pythonImage, isReal } = target;
  const name = `query-${Date.now().toString(36)}`;
  const resources = { cpu: 1, mem: "512m" };
  const { id } = await client.sessions.create({ image: pythonImage, name, resources });
  return {
    client,
    id,
    isReal,
    ask: async (code) => {
      let output = "";
      for await (const event of client.runs.query(id, code)) {
        output += event.type === "output" ? event.text : "";
      }
      return output;
    },
    end: async () => {
      await client.sessions.destroy(id, { forced: true }).catch(() => undefined);
      await target.end();
    },
  };
}
