import type { BackendAIClient } from "../../api/index.js";
import type {
  CallSignature,
  Candidate,
  CandidateList,
  CodePoint,
  CompletionSource,
  Description,
  QuestionKind,
  Suitability,
} from "./completionSource.js";
import { type CursorText, cursorText } from "./cursorText.js";

/** Candidates that are kept, and characters of one: more is of no use to a person. */
const candidateLimit = 2000;
const nameLimit = 200;

const nothing: CandidateList = { candidates: [], isIncomplete: false };

/** The session's `complete` call (`protocol.md` §7): names alone, of the local engine and of old servers. */
export class EndpointSource implements CompletionSource {
  readonly name = "complete";
  readonly #client: BackendAIClient;
  readonly #sessionId: string;

  constructor(client: BackendAIClient, sessionId: string) {
    this.#client = client;
    this.#sessionId = sessionId;
  }

  /** Servers that were seen to fail are not asked, and those whose release does only where nobody else can be. */
  suits(_languageId: string, question: QuestionKind): Suitability {
    const found = [this.#client.findings.of("completionFails"), this.#client.findings.of("completionEmpty")];
    if (question !== "complete" || found.includes("seen")) {
      return "no";
    }
    return found.includes("expected") ? "perhaps" : "yes";
  }

  /** Nothing for keys in subscripts, which the call takes for names. */
  async complete(point: CodePoint, signal: AbortSignal): Promise<CandidateList> {
    const text = cursorText(point);
    if (text.kind === "key") {
      return nothing;
    }
    const { line, post } = text;
    const { completion } = this.#client;
    const position = { row: point.row, col: point.col, line, post };
    const options = { signal, throwsFaults: true };
    return listOf(await completion.complete(this.#sessionId, point.code, position, options), text);
  }

  async describe(): Promise<Description | undefined> {
    return Promise.resolve(undefined);
  }

  async signature(): Promise<CallSignature | undefined> {
    return Promise.resolve(undefined);
  }
}

function listOf(words: readonly string[], text: CursorText): CandidateList {
  const names = new Set<string>();
  for (const word of words) {
    const name = nameOf(word, text);
    if (name !== undefined) {
      if (names.size === candidateLimit && !names.has(name)) {
        return { candidates: [...names].map(candidateOf), isIncomplete: true };
      }
      names.add(name);
    }
  }
  return { candidates: [...names].map(candidateOf), isIncomplete: false };
}

function candidateOf(name: string): Candidate {
  return { name };
}

/**
 * The last part of a word: of one that replaces all that is typed (`os.path`), of the bare part (`path`), or of what is to be
 * added (`th`). `undefined` for what can't be a name.
 */
function nameOf(word: string, { head, typed }: CursorText): string | undefined {
  const plain = word.replace(/\(\)?$/, "").trimEnd();
  const isWhole = head === "" || !plain.startsWith(head);
  const last = plain.slice(plain.lastIndexOf(".") + 1); // behind a call servers read less of what is before than we do
  const part = !isWhole ? plain.slice(head.length) : begins(last, typed) ? last : plain;
  const isSuffix = isWhole && !begins(part, typed);
  const name = isSuffix ? typed + part : part;
  const isOdd = part === "" || name.length > nameLimit || /[\p{C}\p{Z}]/u.test(name);
  return isOdd ? undefined : name;
}

function begins(word: string, typed: string): boolean {
  return word.toLowerCase().startsWith(typed.toLowerCase());
}
