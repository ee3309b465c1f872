import { type Engine, type EngineOptions, startEngine } from "../../../../src/engine/index.js";
import { releases } from "../../../../src/wire/releases.js";
import { EngineClient } from "./client.js";

/** An engine of some release and a client of it. */
export interface Running {
  readonly engine: Engine;
  readonly client: EngineClient;
}

/** Starts engines for the tests of one suite and closes them after it. Call it inside `describe`. */
export function engines(): (release?: string, options?: EngineOptions) => Promise<Running> {
  const running: Running[] = [];
  after(async () => {
    await Promise.all(running.map(({ client, engine }) => Promise.all([client.close(), engine.close()])));
  });
  return async (release = "26.8", options = {}) => {
    const known = releases.find((candidate) => candidate.release === release);
    if (known === undefined) {
      throw new Error(`no release ${release}`);
    }
    const { apiVersion, manager } = known;
    const engine = await startEngine({ apiVersion, manager, stepMs: 0, ...options });
    const client = new EngineClient(engine, apiVersion);
    running.push({ engine, client });
    return { engine, client };
  };
}
