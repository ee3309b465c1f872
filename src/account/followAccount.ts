import { SignedOutError } from "../base/errors.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { ConnectionStore } from "./connectionStore.js";
import type { Profile } from "./profiles/profile.js";
import type { KeptSecret, ProfileSecrets } from "./profiles/profileSecrets.js";
import type { ProfileStore } from "./profiles/profileStore.js";
import { type ConnectionTarget, defaultsOf, isSameConnection, isSameServer, isSameTarget } from "./target.js";

/** What is followed, and how. */
export interface Followed {
  readonly connection: ConnectionStore;
  readonly profiles: Pick<ProfileStore, "find" | "onDidChange">;
  readonly secrets: ProfileSecrets;
  /** Leaves the server and connects to it anew; never rejects. */
  readonly again: (target: ConnectionTarget) => Promise<void>;
}

/**
 * Leaves a server and connects to it anew, as the setting has it by then: leaving takes seconds where it does not answer, and the
 * setting may change again meanwhile. Who chose another server meanwhile stays there. One that is only being tried is tried anew, and
 * the one in use stays.
 */
export async function connectAgain(
  { connection, profiles }: Pick<Followed, "connection" | "profiles">,
  target: ConnectionTarget,
): Promise<void> {
  const isTried = connection.state.phase === "connecting" && connection.current !== undefined;
  await connection.leave((other) => isSameServer(other, target));
  const now = target.kind === "profile" ? asTarget(profiles.find(target.profile.id)) : target;
  if (now !== undefined && connection.state.phase === (isTried ? "connected" : "disconnected")) {
    await connection.connect(now);
  }
}

/**
 * Follows changes of the servers' setting, by whoever makes them: a server that is gone is left, one that is reached otherwise is
 * connected to again, and another group, domain or default mounts count from the next session on. One that was only tried so far is
 * tried as it is now.
 */
export function followProfiles({ connection, profiles, again }: Followed): Disposable {
  const follow = (before: ProfileTarget): void => {
    const after = asTarget(profiles.find(before.profile.id));
    if (after === undefined) {
      void connection.leave((other) => isSameServer(other, before));
    } else if (isUsed(connection, before) && isSameConnection(before, after)) {
      if (!isSameTarget(before, after)) {
        connection.current?.setDefaults(defaultsOf(after));
        connection.redescribe(after);
      }
    } else if (!isSameTarget(before, after)) {
      void renew(connection, after, again);
    }
  };
  return profiles.onDidChange(() => profilesOf(connection).forEach(follow));
}

/**
 * Follows sign-ins and sign-outs in any window. A login that another window renewed is used as soon as the one in use here is
 * refused, as a connection that works is better left alone.
 */
export function followSignIns({ connection, secrets, again }: Followed): Disposable {
  const owned = new DisposableStore();
  /** The profile whose sign-in was renewed since this window connected as it. */
  let renewed: string | undefined;
  const find = (id: string): ProfileTarget | undefined =>
    profilesOf(connection).find(({ profile }) => profile.id === id);
  const follow = async (id: string): Promise<void> => {
    const target = find(id);
    if (target === undefined) {
      return;
    }
    const signIn = await secrets.get(target.profile);
    if (find(id)?.profile !== target.profile) {
      return; // something else was chosen meanwhile
    }
    if (signIn === undefined) {
      const isFailed = connection.state.phase === "failed";
      await (isFailed ? undefined : connection.leave((other) => isSameServer(other, target)));
    } else if (isSignedOut(connection) || isOfOther(signIn.secret, connection, target)) {
      await renew(connection, target, again);
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
      if (isRefused && id !== undefined && find(id) !== undefined) {
        void again(state.target);
      }
    }),
  );
  return owned;
}

type ProfileTarget = Extract<ConnectionTarget, { kind: "profile" }>;

/** Connects anew to a server in use, or to be; one in use that is being left for another is left at once. */
async function renew(
  connection: ConnectionStore,
  target: ConnectionTarget,
  again: Followed["again"],
): Promise<void> {
  const { state } = connection;
  const isLast = state.phase !== "disconnected" && isSameServer(state.target, target);
  await (isLast ? again(target) : connection.leave((other) => isSameServer(other, target)));
}

function asTarget(profile: Profile | undefined): ProfileTarget | undefined {
  return profile && { kind: "profile", profile };
}

/** Servers of the person's own: the one in use, and the one that is being tried or was not reached. */
function profilesOf({ state, currentTarget }: ConnectionStore): readonly ProfileTarget[] {
  const last = state.phase === "disconnected" ? undefined : state.target;
  const isOne = last !== undefined && currentTarget !== undefined && isSameServer(last, currentTarget);
  return [last, isOne ? undefined : currentTarget].filter((target) => target?.kind === "profile");
}

function isUsed({ currentTarget }: ConnectionStore, target: ConnectionTarget): boolean {
  return currentTarget !== undefined && isSameServer(currentTarget, target);
}

function isSignedOut({ state }: ConnectionStore): boolean {
  return state.phase === "failed" && state.error instanceof SignedOutError;
}

/** Whether a sign-in is of somebody else than the one who is connected. */
function isOfOther(
  { accessKey }: KeptSecret,
  connection: ConnectionStore,
  target: ConnectionTarget,
): boolean {
  const client = isUsed(connection, target) ? connection.current : undefined;
  return client !== undefined && accessKey !== undefined && accessKey !== client.accessKey;
}
