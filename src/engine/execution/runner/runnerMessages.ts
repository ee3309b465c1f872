import { ProtocolError } from "../../../base/errors.js";
import { shorten } from "../../../base/text.js";
import type { CompleteOptions } from "../contract.js";

/** What the engine tells a runner. */
export type RunnerCommand =
  | { readonly op: "hello"; readonly token: string }
  | { readonly op: "run"; readonly code: string }
  | { readonly op: "interrupt" }
  | { readonly op: "input"; readonly text: string }
  | {
      readonly op: "complete";
      readonly id: number;
      readonly code: string;
      readonly options: CompleteOptions;
    };

/** What a runner tells in the order of its output. */
export type OrderedEvent = { readonly mark: number } & (
  | { readonly op: "sync" }
  | { readonly op: "media"; readonly mime: string; readonly data: string }
  | { readonly op: "html"; readonly data: string }
  | { readonly op: "input"; readonly password: boolean }
  | { readonly op: "done"; readonly exit: number }
);

/** What a runner tells at once. */
export type DirectEvent =
  | { readonly op: "ready" }
  | { readonly op: "started" }
  | { readonly op: "completions"; readonly id: number; readonly words: readonly string[] };

export type RunnerEvent = OrderedEvent | DirectEvent;

/**
 * Reads one line of a runner.
 *
 * @throws ProtocolError
 */
export function parseRunnerEvent(line: string): RunnerEvent {
  const fields = fieldsOf(line);
  const op = fields.get("op");
  switch (op) {
    case "ready":
    case "started":
      return { op };
    case "completions":
      return { op, id: number(fields, "id"), words: strings(fields.get("words")) };
    case "sync":
      return { op, mark: number(fields, "mark") };
    case "media":
      return { op, mark: number(fields, "mark"), mime: text(fields, "mime"), data: text(fields, "data") };
    case "html":
      return { op, mark: number(fields, "mark"), data: text(fields, "data") };
    case "input":
      return { op, mark: number(fields, "mark"), password: fields.get("password") === true };
    case "done":
      return { op, mark: number(fields, "mark"), exit: number(fields, "exit") };
    default:
      throw new ProtocolError("runner", shorten(line, 80), "unknown message");
  }
}

function fieldsOf(line: string): Map<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new ProtocolError("runner", shorten(line, 80), "not JSON", { cause });
  }
  return new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function number(fields: Map<string, unknown>, name: string): number {
  const value = fields.get(name);
  if (typeof value !== "number") {
    throw new ProtocolError("runner", name, "not a number");
  }
  return value;
}

function text(fields: Map<string, unknown>, name: string): string {
  const value = fields.get(name);
  if (typeof value !== "string") {
    throw new ProtocolError("runner", name, "not a text");
  }
  return value;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
