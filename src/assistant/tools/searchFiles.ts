import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import { homeDirectory } from "../../api/index.js";
import { deadline } from "../../base/abort.js";
import { plural } from "../../base/text.js";
import { type SearchQuery, usualExcludes } from "../../files/search/query/searchQuery.js";
import { type FileMatches, searchFiles as search } from "../../files/search/searchFiles.js";
import { tool, type ToolPlace } from "../tool.js";
import { pathConsent, secretPlaces, sessionPath } from "./sessionPath.js";
import { whichSession } from "./whichSession.js";

/** Lines with matches after which a search ends. */
const maxLines = 200;
/** How long files are searched; what was found until then is told. */
const searchMs = 30_000;

export const searchFilesInput = z.strictObject({
  query: z.string().check(z.minLength(1), z.maxLength(1000)),
  session: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  folder: z.optional(z.string().check(z.minLength(1), z.maxLength(4096))),
  include: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(300))).check(z.maxLength(20))),
  isRegex: z.optional(z.boolean()),
  isCaseSensitive: z.optional(z.boolean()),
});

type SearchFilesInput = z.infer<typeof searchFilesInput>;

/** Lines of a session's files that have a text or match an expression. */
export const searchFiles = tool<SearchFilesInput>({
  name: "backendai_search_files",
  changes: false,
  limitMs: () => searchMs + 15_000,
  parse: (input) => z.parse(searchFilesInput, input),
  progress: l10n.t("Searching files of a session of Backend.AI"),
  consent: async ({ session, folder: path = homeDirectory }, place) =>
    pathConsent({ session, path, title: l10n.t("Search a folder of a session?"), verb: "search" }, place),
  answer: async (input, place) => {
    const session = whichSession(await place.sessions(), input.session);
    const query = queryOf(input);
    const { found, end } = await collect(query, place, place.programsOf(place.client, session));
    const count = found.reduce((sum, { lines }) => sum + lines.length, 0);
    const where = `${query.folder} of session ${session.name} on ${place.server}`;
    return {
      facts: `${plural(count, "line")} in ${plural(found.length, "file")} of ${where}.${endWords[end]}`,
      body: { text: found.flatMap(linesOf).join("\n"), keep: "start" },
    };
  },
});

const endWords = {
  all: "",
  limited: " There are more: narrow the search.",
  late: ` The search was stopped after ${String(searchMs / 1000)} s: narrow it.`,
};

/** A folder of secrets that was named was asked about; in passing none is looked into. */
function queryOf({
  query: text,
  folder = homeDirectory,
  include = [],
  isRegex = false,
  isCaseSensitive = false,
}: SearchFilesInput): SearchQuery {
  return {
    ...{ text, isRegex, isCaseSensitive, isWholeWord: false },
    ...{ folder: sessionPath(folder), include, exclude: [...usualExcludes, ...secretPlaces], maxLines },
  };
}

async function collect(
  query: SearchQuery,
  { signal }: ToolPlace,
  programs: Parameters<typeof search>[0],
): Promise<{ readonly found: readonly FileMatches[]; readonly end: keyof typeof endWords }> {
  const limit = deadline(searchMs, "run", "Searching");
  const found: FileMatches[] = [];
  try {
    const matches = search(programs, query, { signal: AbortSignal.any([signal, limit.signal]) });
    for (;;) {
      const { done, value } = await matches.next();
      if (done === true) {
        return { found, end: value.isLimited ? "limited" : "all" };
      }
      found.push(value);
    }
  } catch (error) {
    if (limit.signal.aborted && !signal.aborted) {
      return { found, end: "late" };
    }
    throw error;
  } finally {
    limit.clear();
  }
}

function linesOf({ path, lines }: FileMatches): readonly string[] {
  const name = path.replaceAll(/[\r\n]/g, "\\n");
  return lines.map(({ line, preview }) => `${name}:${String(line)}: ${preview.trim()}`);
}
