import { startEngine } from "../../scripts/support/engineProcess.js";
import type { PreparedSurroundings } from "../host/index.js";

/** For `prepare` of a journey: a local engine of its own, which the extension finds in its environment. */
export async function engineInEnvironment(): Promise<PreparedSurroundings> {
  const { env, stop } = await startEngine();
  return { env, stop };
}
