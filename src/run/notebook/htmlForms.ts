import type { BackendAIClient } from "../../api/index.js";
import { anySignal, deadline } from "../../base/abort.js";

/** The interpreter of a session that has just answered needs no longer, in milliseconds. */
const limitMs = 15_000;

const done = "html forms are off"; // for programs

/** In one line of IPython: values show themselves without their HTML form from then on. */
const code = `get_ipython().display_formatter.formatters["text/html"].enabled = False; print("${done}")`;

/**
 * Has a Python session show values as text from now on, for servers that fail on HTML (`htmlBlocks`).
 * @returns Whether it does; false as well where the session does not answer.
 */
export async function turnHtmlOff(
  client: BackendAIClient,
  sessionId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const limit = deadline(limitMs, "run", "Turning HTML off"); // for programs
  let said = "";
  try {
    for await (const event of client.runs.query(sessionId, code, {
      signal: anySignal(signal, limit.signal),
    })) {
      said += event.type === "output" ? event.text : "";
    }
  } catch {
    return false; // the person is told the other way out
  } finally {
    limit.clear();
  }
  return said.includes(done);
}
