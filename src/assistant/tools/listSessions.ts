import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import type { SessionSummary } from "../../api/index.js";
import { plural } from "../../base/text.js";
import { shortImage, wordOf } from "../../sessions/sessionTree.js";
import { tool } from "../tool.js";

/** Sessions that are told. */
const most = 100;

export const listSessionsInput = z.strictObject({});

/** Which sessions there are. */
export const listSessions = tool<unknown>({
  name: "backendai_list_sessions",
  changes: false,
  limitMs: () => 30_000,
  parse: (input) => z.parse(listSessionsInput, input),
  progress: l10n.t("Listing sessions of Backend.AI"),
  consent: () => Promise.resolve(undefined),
  answer: async (_, place) => {
    const sessions = await place.sessions();
    const shown = sessions.slice(0, most);
    const more = sessions.length > shown.length ? ` The first ${String(most)} of them:` : "";
    const facts =
      sessions.length === 0
        ? `Connected to ${place.server}. No session is there. backendai_start_session starts one.`
        : `Connected to ${place.server}. ${plural(sessions.length, "session")}, those that run first.${more}`;
    return { facts, body: { text: shown.map(lineOf).join("\n"), keep: "start" } };
  },
});

function lineOf({ name, id, status, image, type, createdAt, tag }: SessionSummary): string {
  const facts = [
    `status: ${wordOf(status)}`,
    `image: ${shortImage(image)}`,
    `type: ${type}`,
    ...(createdAt === undefined ? [] : [`created: ${createdAt.toISOString()}`]),
    ...(tag === undefined || tag === "" ? [] : [`tag: ${tag}`]),
  ];
  return `- ${name} (${facts.join(", ")}, id: ${id})`;
}
