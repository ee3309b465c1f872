import { ApiError } from "../../../api/errors.js";
import type { BackendAIClient, SessionDetail } from "../../../api/index.js";
import { SchedulerData } from "../../../wire/records/session.js";
import { groupNameOf } from "../groupName.js";
import { type PendingContext, type PendingReason, pendingReason } from "./pendingReason.js";

/** A look at a session that waits. */
export interface PendingLook {
  readonly detail: SessionDetail;
  readonly reason: PendingReason;
  readonly position: number | undefined;
}

/**
 * Asks a server why a session waits: the session itself, its place in the queue, and what is left where the scheduler is silent.
 * What only adds to it may fail.
 * @throws {NotFoundError} and other errors of the server where the session can't be looked at.
 */
export async function lookAtPending(
  client: BackendAIClient,
  id: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<PendingLook> {
  const [detail, position] = await Promise.all([
    client.sessions.detail(id, { signal }),
    client.dialect.can.queuePosition ? optional(client.sessions.queuePosition(id, { signal })) : undefined,
  ]);
  const { scheduler } = SchedulerData.safeParse(detail.statusData ?? {}).data ?? {};
  const isSilent = scheduler === undefined && detail.status === "PENDING";
  const remaining = isSilent ? await remainingFor(client, detail, signal) : undefined;
  return { detail, reason: pendingReason(detail, { position, remaining }), position };
}

/** What is left of the limits that the session counts against. */
async function remainingFor(
  client: BackendAIClient,
  { groupId, resourceGroup }: SessionDetail,
  signal: AbortSignal,
): Promise<PendingContext["remaining"]> {
  const group = await groupNameOf(client, groupId, { signal });
  const checked = await optional(client.resources.checkPresets({ group, resourceGroup }, { signal }));
  return (
    checked && {
      keypair: checked.keypair_remaining,
      group: checked.group_remaining,
      resourceGroup:
        checked.scaling_groups?.[resourceGroup ?? ""]?.remaining ?? checked.scaling_group_remaining,
    }
  );
}

/** A refusal of what only adds to the picture is no failure. */
async function optional<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiError) {
      return undefined;
    }
    throw error;
  }
}
