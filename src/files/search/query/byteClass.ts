/** Characters that one place of an expression accepts: a set of ASCII, and whether others are accepted as well. */
export interface CharacterClass {
  readonly kind: "class";
  /** Codes from 1 to 127. */
  readonly ascii: ReadonlySet<number>;
  /** Whether any character beyond ASCII is accepted. A character is up to four bytes. */
  readonly isWide: boolean;
}

const codes = Array.from({ length: 127 }, (_, index) => index + 1);
const lineFeed = 10;

/** A class of the codes for which `accepts` holds. */
export function classOf(accepts: (code: number) => boolean, isWide: boolean): CharacterClass {
  return { kind: "class", ascii: new Set(codes.filter(accepts)), isWide };
}

export const anyCharacter = classOf(() => true, true);
export const digits = classOf((code) => /\d/.test(String.fromCharCode(code)), false);
export const nonDigits = inverted(digits);
export const spaces = classOf((code) => /\s/.test(String.fromCharCode(code)), true);
export const nonSpaces = inverted(spaces);
/** Without case, two characters beyond ASCII count as letters of it. */
export const wordCharacters = classOf((code) => /\w/.test(String.fromCharCode(code)), true);
export const nonWordCharacters = inverted(wordCharacters);

/** All that the class leaves out in ASCII, and everything beyond. */
export function inverted({ ascii }: CharacterClass): CharacterClass {
  return classOf((code) => !ascii.has(code), true);
}

/** What any of them accepts. */
export function union(classes: readonly CharacterClass[]): CharacterClass {
  return classOf(
    (code) => classes.some(({ ascii }) => ascii.has(code)),
    classes.some(({ isWide }) => isWide),
  );
}

/** The class without regard to case. */
export function withoutCase(set: CharacterClass): CharacterClass {
  const { ascii, isWide } = set;
  const isOther = (code: number): boolean => {
    const character = String.fromCharCode(code);
    return [character.toLowerCase(), character.toUpperCase()].some((one) => ascii.has(one.charCodeAt(0)));
  };
  // The sign of Kelvin and the long s are the only characters beyond ASCII that are letters of ASCII in another case.
  const isFolding = (code: number): boolean => "kKsS".includes(String.fromCharCode(code));
  return classOf(
    (code) => ascii.has(code) || isOther(code) || (isWide && isFolding(code)),
    isWide || [...ascii].some(isFolding),
  );
}

/** How programs write expressions: as POSIX does (`grep -E`), or with escapes (ripgrep and Python). */
export type Dialect = "posix" | "escaped";

/** The class as an expression for one byte. A wide class leaves out the rest of ASCII, so that it has all bytes beyond. */
export function writeClass({ ascii, isWide }: CharacterClass, dialect: Dialect): string {
  const members = codes.filter((code) => code !== lineFeed && ascii.has(code) !== isWide);
  if (members.length === 0) {
    return "."; // of nothing at all, too: more lines are no harm
  }
  const only = String.fromCharCode(...members.slice(0, 2));
  if (!isWide && /^[A-Za-z0-9 _]$/.test(only)) {
    return only;
  }
  return dialect === "posix" ? posixSet(members, isWide) : escapedSet(members, isWide);
}

function escapedSet(members: readonly number[], isNegated: boolean): string {
  const text = members.map((code) => {
    const character = String.fromCharCode(code);
    return /[A-Za-z0-9]/.test(character) ? character : `\\x${code.toString(16).padStart(2, "0")}`;
  });
  return `[${isNegated ? "^" : ""}${text.join("")}]`;
}

/** In POSIX no character is escaped in brackets; where those stand that mean something decides. */
function posixSet(members: readonly number[], isNegated: boolean): string {
  const characters = members.map((code) => String.fromCharCode(code));
  if (!isNegated && characters.length === 1 && characters[0] === "^") {
    return "\\^";
  }
  const has = (character: string): string => (characters.includes(character) ? character : "");
  const plain = characters.filter((character) => !"]^-[".includes(character)).join("");
  return `[${isNegated ? "^" : ""}${has("]")}${plain}${has("[")}${has("^")}${has("-")}]`;
}
