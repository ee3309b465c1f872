import { SignedOutError } from "../base/errors.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { ConnectionStore } from "./connectionStore.js";
import type { Profile } from "./profiles/profile.js";
import type { KeptSecret, ProfileSecrets } from "./profiles/profileSecrets.js";
import type { ProfileStore } from "./profiles/profileStore.js";
import { type ConnectionTarget, defaultsOf, isSameConnection, isSameTarget } from "./target.js";

/** What is followed, and how. */
export interface Followed {
  readonly connection: ConnectionStore;
  readonly profiles: Pick<ProfileStore, "find" | "onDidChange">;
  readonly secrets: ProfileSecrets;
  /** Leaves the server and connects to it anew; never rejects. */
  readonly again: (target: ConnectionTarget) => Promise<void>;
}

/**
 * Leaves the server in use and connects to it anew, as the setting has it by then: leaving takes seconds where it does not answer,
 * and the setting may change again meanwhile. Who chose another server meanwhile stays there.
 */
export async function connectAgain(
  { connection, profiles }: Pick<Followed, "connection" | "profiles">,
  target: ConnectionTarget,
): Promise<void> {
  await connection.disconnect();
  const now = target.kind === "profile" ? asTarget(profiles.find(target.profile.id)) : target;
  if (now !== undefined && connection.state.phase === "disconnected") {
    await connection.connect(now);
  }
}

/**
 * Follows changes of the servers' setting, by whoever makes them: a server that is gone is left, one that is reached otherwise is
 * connected to again, and another group, domain or default mounts count from the next session on.
 */
export function followProfiles({ connection, profiles, again }: Followed): Disposable {
  return profiles.onDidChange(() => {
    const used = profileInUse(connection);
    if (used === undefined) {
      return;
    }
    const profile = profiles.find(used.id);
    const before = { kind: "profile", profile: used } as const;
    const after = { kind: "profile", profile: profile ?? used } as const;
    if (profile === undefined) {
      void connection.disconnect();
    } else if (!isSameConnection(before, after)) {
      void again(after);
    } else if (!isSameTarget(before, after)) {
      connection.current?.setDefaults(defaultsOf(after));
      connection.redescribe(after);
    }
  });
}

/**
 * Follows sign-ins and sign-outs in any window. A login that another window renewed is used as soon as the one in use here is
 * refused, as a connection that works is better left alone.
 */
export function followSignIns({ connection, secrets, again }: Followed): Disposable {
  const owned = new DisposableStore();
  /** The profile whose sign-in was renewed since this window connected as it. */
  let renewed: string | undefined;
  const follow = async (id: string): Promise<void> => {
    const profile = profileInUse(connection);
    if (profile?.id !== id) {
      return;
    }
    const signIn = await secrets.get(profile);
    const { state } = connection;
    if (state.phase === "disconnected" || profileInUse(connection) !== profile) {
      return; // something else was chosen meanwhile
    }
    const { target } = state;
    if (signIn === undefined) {
      await (state.phase === "failed" ? undefined : connection.disconnect());
    } else if (isSignedOut(connection) || isOfOther(signIn.secret, connection)) {
      await again(target);
    } else {
      renewed = id;
    }
  };
  owned.add(secrets.onDidChange((id) => void follow(id)));
  owned.add(
    connection.onDidChange((state) => {
      const id = renewed;
      if (state.phase !== "connected") {
        renewed = undefined;
      }
      const isRefused = state.phase === "failed" && isSignedOut(connection);
      if (isRefused && id !== undefined && profileInUse(connection)?.id === id) {
        void again(state.target);
      }
    }),
  );
  return owned;
}

function asTarget(profile: Profile | undefined): ConnectionTarget | undefined {
  return profile && { kind: "profile", profile };
}

function profileInUse({ state }: ConnectionStore): Profile | undefined {
  return state.phase !== "disconnected" && state.target.kind === "profile" ? state.target.profile : undefined;
}

function isSignedOut({ state }: ConnectionStore): boolean {
  return state.phase === "failed" && state.error instanceof SignedOutError;
}

/** Whether a sign-in is of somebody else than the one who is connected. */
function isOfOther({ accessKey }: KeptSecret, { state }: ConnectionStore): boolean {
  return state.phase === "connected" && accessKey !== undefined && accessKey !== state.client.accessKey;
}
