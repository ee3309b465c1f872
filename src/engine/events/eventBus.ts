import { Emitter } from "../../base/event.js";

/** A life-cycle event of a session or of its kernel. */
export interface SessionEvent {
  readonly name: string;
  readonly reason: string;
  readonly sessionId: string;
  readonly sessionName: string;
  readonly kernelId: string;
  readonly exitCode: number | null;
}

/** Tells listeners what happens to sessions, in order. */
export type EventBus = Emitter<SessionEvent>;

/** Makes the bus. */
export function makeEventBus(): EventBus {
  return new Emitter<SessionEvent>();
}
