/** A request of the debug adapter protocol; adapters make some as well. */
export interface DapRequest {
  readonly seq: number;
  readonly type: "request";
  readonly command: string;
  readonly arguments?: unknown;
}

/** The answer to a request. */
export interface DapResponse {
  readonly seq: number;
  readonly type: "response";
  readonly request_seq: number;
  readonly success: boolean;
  readonly command: string;
  readonly message?: string;
  readonly body?: unknown;
}

/** Something that happened. */
export interface DapEvent {
  readonly seq: number;
  readonly type: "event";
  readonly event: string;
  readonly body?: unknown;
}

/** A message of the debug adapter protocol. */
export type DapMessage = DapRequest | DapResponse | DapEvent;

/** An object of unknown properties; an empty one in place of anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** `value` as an array; an empty one in place of anything else. */
export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `value` as a text; `undefined` in place of anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Whether `value` has what each kind of message must have. */
export function isDapMessage(value: unknown): value is DapMessage {
  const { seq, type, command, event, request_seq, success } = recordOf(value);
  return (
    typeof seq === "number" &&
    ((type === "request" && typeof command === "string") ||
      (type === "response" && typeof request_seq === "number" && typeof success === "boolean") ||
      (type === "event" && typeof event === "string"))
  );
}

/** A message of ours to VS Code, which does not look at the number of what is no request. */
export function outputEvent(
  output: string,
  category: "console" | "important" | "stderr" = "console",
): DapEvent {
  return { seq: 0, type: "event", event: "output", body: { category, output } };
}

/** The answer to a request that went well. */
export function success(request: DapRequest, body: unknown = {}): DapResponse {
  const { seq: request_seq, command } = request;
  return { seq: 0, type: "response", request_seq, command, success: true, body };
}

/**
 * The answer to a request that failed.
 * @param isShown Whether VS Code is to show the words; otherwise who failed shows them.
 */
export function failure(request: DapRequest, words: string, isShown: boolean): DapResponse {
  const { seq: request_seq, command } = request;
  const body = { error: { id: 1, format: words.replace(/[{}]/g, ""), showUser: isShown } };
  return { seq: 0, type: "response", request_seq, command, success: false, message: words, body };
}
