import assert from "node:assert/strict";
import {
  type DapEvent,
  type DapMessage,
  type DapRequest,
  type DapResponse,
  recordOf,
  success,
} from "../../../../../src/run/debug/dap/messages.js";
import type { DebugConversation } from "../../../../../src/run/debug/debugConversation.js";
import { until } from "../../../../support/until.js";

/** The other end of a conversation: what VS Code says, and what it hears. */
export class DebugClient {
  readonly heard: DapMessage[] = [];
  readonly #conversation: DebugConversation;
  #seq = 0;

  constructor(conversation: DebugConversation) {
    this.#conversation = conversation;
    conversation.onDidSend((message) => this.heard.push(message));
  }

  /** What the debug console shows. */
  get console(): string {
    return this.#events("output")
      .map(({ body }) => String(recordOf(body)["output"]))
      .join("");
  }

  /** Asks; resolves with the body of the answer. */
  async ask(command: string, args: unknown = {}): Promise<Readonly<Record<string, unknown>>> {
    const response = await this.answer(this.say(command, args));
    assert.ok(response.success, `${command}: ${response.message}`);
    return recordOf(response.body);
  }

  /** Says something whose answer comes later; returns its number. */
  say(command: string, args: unknown = {}): number {
    this.#seq += 1;
    this.#conversation.handle({ seq: this.#seq, type: "request", command, arguments: args });
    return this.#seq;
  }

  async answer(seq: number): Promise<DapResponse> {
    return until(`the answer to request ${seq}`, () =>
      this.heard.find((m): m is DapResponse => m.type === "response" && m.request_seq === seq),
    );
  }

  /** The body of the event, the `count`th of its name. */
  async event(name: string, count = 1): Promise<Readonly<Record<string, unknown>>> {
    const event = await until(`event ${count} “${name}”`, () => this.#events(name)[count - 1]);
    return recordOf(event.body);
  }

  /** A request of the adapter. */
  async asked(command: string): Promise<DapRequest> {
    return until(`request “${command}”`, () =>
      this.heard.find((m): m is DapRequest => m.type === "request" && m.command === command),
    );
  }

  /** Answers a request of the adapter. */
  reply(request: DapRequest): void {
    this.#conversation.handle(success(request));
  }

  /** What VS Code says until the program runs; `breakpoints` are lines by file. */
  async launch(
    breakpoints: Readonly<Record<string, readonly number[]>> = {},
    args: unknown = {},
    { start = "launch", ...capabilities }: { start?: string; supportsStartDebuggingRequest?: boolean } = {},
  ): Promise<void> {
    const common = { adapterID: "backendai", pathFormat: "path", linesStartAt1: true };
    await this.ask("initialize", { ...common, ...capabilities });
    const launching = this.say(start, args);
    await this.event("initialized");
    for (const [path, lines] of Object.entries(breakpoints)) {
      await this.ask("setBreakpoints", { source: { path }, breakpoints: lines.map((line) => ({ line })) });
    }
    await this.ask("configurationDone");
    const response = await this.answer(launching);
    assert.ok(response.success, response.message);
  }

  /** Ends the conversation as VS Code does. */
  async leave(): Promise<void> {
    await this.ask("disconnect", { terminateDebuggee: true });
    this.#conversation.dispose();
  }

  #events(name: string): readonly DapEvent[] {
    return this.heard.filter((m): m is DapEvent => m.type === "event" && m.event === name);
  }
}
