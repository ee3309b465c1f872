import { toDisposable } from "../../base/lifecycle.js";
import { DapLink } from "./dap/dapLink.js";
import { recordOf } from "./dap/messages.js";
import type { DebugConversation, DebugPlace } from "./debugConversation.js";

/**
 * The place of a child process that waits for a debugger of its own: the adapter of its parent listens for that.
 * @param configuration As the adapter named it in its request `startDebugging`.
 * @throws {NetworkError}
 */
export async function childProcess(parent: DebugConversation, configuration: unknown): Promise<DebugPlace> {
  const { connection } = parent;
  const { connect, name } = recordOf(configuration);
  const { port } = recordOf(connect);
  if (connection === undefined || typeof port !== "number") {
    throw new DOMException("The parent of the process is gone.", "AbortError"); // for programs
  }
  return {
    link: new DapLink(await connection.connectTo(port)),
    connection,
    lease: toDisposable(() => undefined), // the parent's holds for both
    name: String(name),
    openScreen: () => {
      throw new Error("A child process has the terminal of its parent."); // for programs
    },
  };
}
