/**
 * What a screen answers to programs that ask what it is, where its cursor stands, how large it is, which modes or colours it has. Shift+F3 looks
 * like one of them.
 */
const answers =
  /\x1b\[(?:[?>=][\d;]*c|\??[\d;]+(?:n|R|\$y)|[468];[\d;]+t|\?\d+u)|\x1b\]\d[^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\/g;

/** What a person typed, without the screen's own answers in between. */
export function withoutAnswers(input: string): string {
  return input.includes("\x1b") ? input.replace(answers, "") : input;
}
