/** The text of a part of a file that begins or ends in the middle: without the lines and characters that are cut. */
export function partText(bytes: Uint8Array, isBeginning: boolean): string {
  const lineFeed = 0x0a;
  const cut = isBeginning ? bytes.lastIndexOf(lineFeed) + 1 : bytes.indexOf(lineFeed) + 1;
  if (cut === 0) {
    return new TextDecoder().decode(bytes); // one line, or none of text
  }
  return new TextDecoder().decode(isBeginning ? bytes.subarray(0, cut) : bytes.subarray(cut));
}
