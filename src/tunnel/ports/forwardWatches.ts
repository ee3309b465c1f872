import { type Disposable, toDisposable } from "../../base/lifecycle.js";
import type { Forwards } from "../forwards/forwards.js";
import type { PortWatcher } from "./portWatcher.js";

/** Watches the ports of every session that a port is forwarded from: who uses one port of it may start a second program. */
export function watchForwardedSessions(forwards: Forwards, ports: PortWatcher): Disposable {
  const watches = new Map<string, Disposable>();
  const follow = (): void => {
    const used = new Map(forwards.snapshot.map((forward) => [forward.sessionId, forward]));
    for (const [id, watch] of watches) {
      if (!used.has(id)) {
        watches.delete(id);
        watch.dispose();
      }
    }
    for (const [id, { client, sessionName }] of used) {
      if (!watches.has(id)) {
        watches.set(id, ports.watch(client, { id, name: sessionName }));
      }
    }
  };
  const hook = forwards.onDidChange(follow);
  return toDisposable(() => {
    hook.dispose();
    for (const watch of watches.values()) {
      watch.dispose();
    }
    watches.clear();
  });
}
