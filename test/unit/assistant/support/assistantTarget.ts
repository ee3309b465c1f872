import { silentLogger } from "../../../../src/base/logger.js";
import type { TokenBudget } from "../../../../src/assistant/answer/toolAnswer.js";
import { type PreparedCall, ToolDesk } from "../../../../src/assistant/desk/toolDesk.js";
import type { ToolLimits } from "../../../../src/assistant/tool.js";
import { allTools } from "../../../../src/assistant/tools/allTools.js";
import { sessionPrograms } from "../../../../src/files/search/inside/sessionProgram.js";
import { collectRun } from "../../../../src/run/query/collectedRun.js";
import { SessionFeed } from "../../../../src/sessions/sessionFeed.js";
import { SessionStarter } from "../../../../src/sessions/sessionStarter.js";
import { testAccount } from "../../../support/testAccount.js";
import { type FilesTarget, withFiles } from "../../files/support/filesTarget.js";

/** The desk of a window with a real session, and what a test says of its window. */
export interface AssistantTarget extends FilesTarget {
  /** Asked of the person; a consent that is there is given. Then answered. */
  call(name: string, input: object, options?: CallOptions): Promise<string>;
  prepare(name: string, input: object): Promise<PreparedCall>;
  /** Answers without that anybody was asked. */
  answer(name: string, input: object, options?: CallOptions): Promise<string>;
  readonly window: { limits: ToolLimits; isTrusted: boolean; nowMs: number };
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly budget?: TokenBudget;
}

const usual: ToolLimits = {
  isEnabled: true,
  isReadOnly: false,
  maxRunMs: 30_000,
  maxSessions: 2,
  maxCallsPerMinute: 600,
};

/** Inside a `describe`: see {@link AssistantTarget}; the desk is new for each test. */
export function withAssistant(): AssistantTarget {
  const at = withFiles();
  const window = { limits: usual, isTrusted: true, nowMs: 0 };
  let desk: ToolDesk;
  let feed: SessionFeed;
  beforeEach(() => {
    Object.assign(window, { limits: usual, isTrusted: true, nowMs: 0 });
    const { connection, store } = at;
    feed = new SessionFeed({ connection, store, logger: silentLogger });
    desk = new ToolDesk({
      tools: allTools,
      services: {
        starter: new SessionStarter({ feed, logger: silentLogger }),
        runCode: collectRun,
        filesOf: async (client, id) => at.files.accessOf(client, id),
        programsOf: (client, session) => sessionPrograms(at.tunnels, client, session),
      },
      ...{ account: testAccount(connection), store, feed, logger: silentLogger },
      limits: () => window.limits,
      isTrusted: () => window.isTrusted,
      now: () => window.nowMs,
    });
  });
  afterEach(() => feed.dispose());
  const prepare: AssistantTarget["prepare"] = async (name, input) =>
    desk.prepare({ name, input, signal: new AbortController().signal });
  const answer: AssistantTarget["answer"] = async (name, input, { signal, budget } = {}) =>
    desk.answer({ name, input, signal: signal ?? new AbortController().signal }, budget);
  const own = {
    window,
    prepare,
    answer,
    call: async (name: string, input: object, options?: CallOptions) => {
      await prepare(name, input);
      return answer(name, input, options);
    },
  };
  return Object.defineProperties(own, Object.getOwnPropertyDescriptors(at)) as AssistantTarget;
}
