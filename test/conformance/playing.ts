import type { BatchOptions, Run, RunEvent, RunPlan, StartOptions } from "../../src/api/index.js";
import type { CaseContext } from "./context.js";

/** The two ways that a run travels. */
export const carriers = ["poll", "stream"] as const;
export type Carrier = (typeof carriers)[number];

/** A run that is over. */
export interface Played {
  readonly events: readonly RunEvent[];
  readonly stdout: string;
  readonly stderr: string;
  /** Of the last event; `undefined` when it was not `finished`. */
  readonly exitCode: number | undefined;
  /** What happened, output left out: `cleanFinished:0 buildFinished:0 finished:0`. */
  readonly notices: string;
}

/** Told of each event while the run goes on. */
export type OnEvent = (event: RunEvent, run: Run) => Promise<unknown> | undefined;

/** Iterates a run to its end. */
export async function play(run: Run, onEvent: OnEvent = () => undefined): Promise<Played> {
  const events: RunEvent[] = [];
  for await (const event of run) {
    events.push(event);
    await onEvent(event, run);
  }
  return playedOf(events);
}

/** Runs code in a session, to its end. */
export async function query(
  context: CaseContext,
  id: string,
  code: string,
  options: StartOptions & { readonly onEvent?: OnEvent } = {},
): Promise<Played> {
  return start(context, id, { mode: "query", code }, options);
}

/** Runs clean, build and exec in a session, to their end. */
export async function batch(
  context: CaseContext,
  id: string,
  steps: BatchOptions,
  options: StartOptions & { readonly onEvent?: OnEvent } = {},
): Promise<Played> {
  return start(context, id, { mode: "batch", options: steps }, options);
}

/** Answers every question with the next of some lines. */
export function answering(...lines: readonly string[]): OnEvent {
  const left = [...lines];
  return (event, run) => (event.type === "inputRequested" ? run.answer(left.shift() ?? "") : undefined);
}

/** Does something once, as soon as the program has printed `text`. */
export function onceShown(text: string, action: () => Promise<unknown>): OnEvent {
  let shown = "";
  let isDone = false;
  return (event) => {
    shown += event.type === "output" ? event.text : "";
    if (isDone || !shown.includes(text)) {
      return undefined;
    }
    isDone = true;
    return action();
  };
}

async function start(
  { client, signal }: CaseContext,
  id: string,
  plan: RunPlan,
  { onEvent, ...options }: StartOptions & { readonly onEvent?: OnEvent },
): Promise<Played> {
  return play(client.runs.start(id, plan, { signal, ...options }), onEvent);
}

function playedOf(events: readonly RunEvent[]): Played {
  const textOf = (stream: string): string =>
    events.map((event) => (event.type === "output" && event.stream === stream ? event.text : "")).join("");
  const last = events.at(-1);
  return {
    events,
    stdout: textOf("stdout"),
    stderr: textOf("stderr"),
    exitCode: last?.type === "finished" ? last.exitCode : undefined,
    notices: events.flatMap(noticeOf).join(" "),
  };
}

function noticeOf(event: RunEvent): string[] {
  if (event.type === "output" || event.type === "media" || event.type === "html") {
    return [];
  }
  return "exitCode" in event ? [`${event.type}:${String(event.exitCode)}`] : [event.type];
}
