import { isAbort } from "../../base/abort.js";
import type { AnswerCache } from "./answerCache.js";
import type { CompletionSource, QuestionKind } from "./completionSource.js";

/** A question as all kinds are asked. */
export interface Question<T> {
  readonly kind: QuestionKind;
  /** Answers to the same key serve each other, as far as `narrow` allows. */
  readonly key: string;
  readonly typed: string;
  readonly languageId: string;
  readonly cache: AnswerCache<T | undefined>;
  /** The answer to what was typed `then`, for this question; `undefined` where it must be asked. */
  readonly narrow: (answer: T, then: string) => T | undefined;
  readonly call: (source: CompletionSource, wire: AbortSignal) => Promise<T | undefined>;
  /** Whether the next source need not be asked. */
  readonly isAnswer: (answer: T | undefined) => boolean;
}

/** What questions after a dotted name have in common. */
export function named<T>(
  name: string,
  languageId: string,
): Pick<Question<T>, "key" | "typed" | "languageId" | "narrow" | "isAnswer"> {
  return {
    key: `${languageId}\n${name}`,
    typed: "",
    languageId,
    narrow: (answer) => answer,
    isAnswer: (answer) => answer !== undefined,
  };
}

/** What an earlier answer tells; its `answer` is `undefined` where nobody could answer. */
export function knownOf<T>(question: Question<T>): { readonly answer: T | undefined } | undefined {
  const entry = question.cache.get(question.key);
  if (entry?.answer === undefined) {
    return entry;
  }
  const answer = question.narrow(entry.answer, entry.typed);
  return answer === undefined ? undefined : { answer };
}

/** What comes of `asking` within `ms`; `undefined` when it is late, or a newer question took its place. */
export async function soon<T>(asking: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([asking, late]);
  } catch (error) {
    if (isAbort(error)) {
      return undefined;
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
