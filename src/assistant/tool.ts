import type { BackendAIClient, SessionSummary } from "../api/index.js";
import { BackendAIError } from "../base/errors.js";
import type { FileAccess } from "../files/access/fileAccess.js";
import type { StartProgram } from "../files/search/inside/searchProgram.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { ToolAnswer } from "./answer/toolAnswer.js";
import type { StartBudget } from "./desk/budgets.js";

/** What tools may do and how much of it: settings, read when each call begins. */
export interface ToolLimits {
  /** Whether there are tools at all. */
  readonly isEnabled: boolean;
  /** Whether tools that start or run something refuse. */
  readonly isReadOnly: boolean;
  /** How long code may run, in milliseconds. */
  readonly maxRunMs: number;
  /** Sessions that may be started while the window lives. */
  readonly maxSessions: number;
  readonly maxCallsPerMinute: number;
}

/** How code ended that ran where nobody looks: `run/query/collectedRun.ts` says what each word means. */
export interface FinishedCode {
  readonly outcome: "done" | "raised" | "tookTooLong" | "askedForInput" | "neverBegan" | "abandoned";
  readonly exitCode: number | undefined;
  readonly head: string;
  readonly dropped: number;
  readonly tail: string;
  readonly shown: readonly string[];
}

/** Runs code in a session's interpreter; ends what takes longer than `limitMs` milliseconds. */
export type RunCode = (
  client: BackendAIClient,
  sessionId: string,
  code: string,
  options: { readonly limitMs: number; readonly signal: AbortSignal },
) => Promise<FinishedCode>;

/** What other rooms do for tools. */
export interface ToolServices {
  readonly starter: SessionStarter;
  readonly runCode: RunCode;
  /** The files of a session. */
  readonly filesOf: (client: BackendAIClient, sessionId: string) => Promise<FileAccess>;
  /** What starts the programs of searches in a session. */
  readonly programsOf: (client: BackendAIClient, session: SessionSummary) => StartProgram;
}

/** Where a call is answered: a connected server that may be used. */
export interface ToolPlace extends ToolServices {
  readonly client: BackendAIClient;
  /** For people: `Local engine`, or the name of the server. */
  readonly server: string;
  /** Whether sessions are processes of this computer, which cost nothing and have all rights of the person. */
  readonly isOnThisComputer: boolean;
  readonly limits: ToolLimits;
  readonly starts: StartBudget;
  /** Sessions that are not over, as they are now. */
  sessions(): Promise<readonly SessionSummary[]>;
  readonly signal: AbortSignal;
}

/** What a person is asked before a call is answered. */
export interface ToolConsent {
  readonly title: string;
  /** Markdown in which nothing of a model or a server is markup. */
  readonly message: string;
  /** All that the person agrees to: a call that would do something else by now is refused. */
  readonly meaning: string;
}

/** What a tool is made of. */
export interface ToolParts<I> {
  readonly name: string;
  /** Whether it starts or runs something, so that it refuses in read-only mode and never goes unasked. */
  readonly changes: boolean;
  /** How long an answer may take, in milliseconds. */
  limitMs(limits: ToolLimits): number;
  /** @throws what a schema throws for an input of the wrong shape. */
  parse(input: unknown): I;
  /** What is told while it works. */
  readonly progress: string;
  /** What to ask a person; `undefined` where nothing has to be asked. Changes nothing. */
  consent(input: I, place: ToolPlace): Promise<ToolConsent | undefined>;
  answer(input: I, place: ToolPlace): Promise<ToolAnswer>;
}

/** A tool that a language model may call. */
export interface Tool extends Pick<ToolParts<unknown>, "name" | "changes" | "limitMs" | "progress"> {
  /** A call with its input, which has the right shape. */
  open(input: unknown): OpenedCall;
}

/** A call of a tool: see {@link ToolParts}. */
export interface OpenedCall {
  consent(place: ToolPlace): Promise<ToolConsent | undefined>;
  answer(place: ToolPlace): Promise<ToolAnswer>;
}

/** Makes a tool of its parts. */
export function tool<I>(parts: ToolParts<I>): Tool {
  const { name, changes, progress } = parts;
  return {
    ...{ name, changes, progress },
    limitMs: (limits) => parts.limitMs(limits),
    open: (raw) => {
      const input = parts.parse(raw);
      return {
        consent: async (place) => parts.consent(input, place),
        answer: async (place) => parts.answer(input, place),
      };
    },
  };
}

/** A call is not answered; the message tells the model what to do, or what to ask the person for. */
export class ToolRefusal extends BackendAIError {
  readonly code = "TOOL_REFUSED";
}
