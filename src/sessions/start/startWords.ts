/** Where a session is on its way up. */
export interface StartProgress {
  /** One of `wire/status.ts`, or one of a newer release. */
  readonly status: string;
  /** How many sessions are before it in its queue, where the server tells. */
  readonly position?: number | undefined;
  /** What it waits for, as a sentence, once that is known. */
  readonly reason?: string | undefined;
}

const words: Readonly<Record<string, string>> = {
  PENDING: "waiting in the queue",
  SCHEDULED: "an agent is chosen",
  RESERVED: "a place is kept for it",
  DEPRIORITIZING: "put behind a more urgent session",
  PREEMPTED: "makes room for a more urgent session",
  RESCHEDULING: "moves to another agent",
  PREPARING: "preparing its container",
  BUILDING: "building its image",
  PULLING: "pulling its image, which takes minutes the first time",
  PREPARED: "its image is there",
  CREATING: "making its container",
  RUNNING: "running",
};

/** A step of a start as a notification tells it: `waiting in the queue, 2 sessions before it: …`. */
export function startWords({ status, position, reason }: StartProgress): string {
  const step = words[status] ?? status.toLowerCase().replaceAll("_", " ");
  const place =
    position === undefined
      ? ""
      : position === 0
        ? ", next in line"
        : `, ${position} ${position === 1 ? "session" : "sessions"} before it`;
  return `${step}${place}${reason === undefined ? "" : `. ${reason}`}`;
}
