import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import { plural } from "../../base/text.js";
import { plainText } from "../../sessions/logs/logScreen.js";
import { endingOf, type LogPlace, readLog, refusalNote } from "../../sessions/logs/logSource.js";
import { tool, type ToolPlace, ToolRefusal } from "../tool.js";
import { anySession } from "./whichSession.js";

const usualLines = 100;
const mostLines = 1000;
/** Characters of a log's end that are looked at. */
const endLimit = 200_000;

export const tailLogInput = z.strictObject({
  session: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  lines: z.optional(z.number().check(z.int(), z.positive(), z.maximum(mostLines))),
});

type TailLogInput = z.infer<typeof tailLogInput>;

/** The end of what a session's programs printed; of a batch session, what its command did. */
export const tailLog = tool<TailLogInput>({
  name: "backendai_tail_log",
  changes: false,
  limitMs: () => 45_000,
  parse: (input) => z.parse(tailLogInput, input),
  progress: l10n.t("Reading the log of a session of Backend.AI"),
  consent: () => Promise.resolve(undefined),
  answer: async ({ session: asked, lines: count = usualLines }, place) => {
    const { id, name, type, mainKernelId } = anySession(await place.sessions(), asked);
    const log: LogPlace =
      type === "batch" && mainKernelId !== undefined
        ? { kind: "task", sessionId: id, kernelId: mainKernelId }
        : { kind: "container", sessionId: id, kernelId: undefined };
    const lines = plainText(await endOf(log, place))
      .trimEnd()
      .split("\n");
    const shown = lines.slice(-count);
    const isEmpty = lines.length === 1 && lines[0] === "";
    return {
      facts: `The log of session ${name} on ${place.server}: ${isEmpty ? "nothing was printed yet." : `its last ${plural(shown.length, "line")}.`}`,
      body: { text: shown.join("\n"), keep: "end" },
    };
  },
});

/** @throws {ToolRefusal} where there is no log; it says why. */
async function endOf(log: LogPlace, { client, signal }: ToolPlace): Promise<string> {
  try {
    const { text } = await readLog(client, log, signal);
    return text.slice(-endLimit);
  } catch (error) {
    signal.throwIfAborted();
    const ending = await endingOf(client, log, signal).catch(() => undefined); // the first error says more
    throw new ToolRefusal(refusalNote(error, log, ending).note, { cause: error });
  }
}
