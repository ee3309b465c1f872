import { messageText } from "../../base/shownText.js";

/** Texts around a question: VS Code makes links of `[text](command:…)` in the prompt. */
export interface QuestionTexts {
  readonly title?: string;
  readonly placeHolder?: string;
  readonly prompt?: string;
}

/** The same texts for VS Code, which are shown as they stand. */
export function questionTexts({
  title,
  placeHolder,
  prompt,
}: { [K in keyof QuestionTexts]: QuestionTexts[K] | undefined }): QuestionTexts {
  return {
    ...(title !== undefined && { title: messageText(title) }),
    ...(placeHolder !== undefined && { placeHolder: messageText(placeHolder) }),
    ...(prompt !== undefined && { prompt: messageText(prompt) }),
  };
}
