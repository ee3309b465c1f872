import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { once } from "../../base/once.js";
import type { Commands } from "../../platform/commands.js";
import type { RemoteSsh, RemoteSshDeps } from "./remoteSsh.js";

/** Commands that let other ssh programs into a session. What they need is read when one is first called. */
export function registerRemoteSsh(deps: RemoteSshDeps & { readonly commands: Commands }): Disposable {
  const owned = new DisposableStore();
  const load = once(async (): Promise<RemoteSsh> => {
    const { RemoteSsh } = await import("./remoteSsh.js");
    return owned.add(new RemoteSsh(deps));
  });
  owned.add(
    deps.commands.register("backendai.ssh.openRemote", async (signal, clicked) =>
      (await load()).openRemote(signal, clicked),
    ),
  );
  owned.add(
    deps.commands.register("backendai.ssh.copyCommand", async (signal, clicked) =>
      (await load()).copyCommand(signal, clicked),
    ),
  );
  return owned;
}
