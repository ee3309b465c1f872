import type { BundledPackage } from "./bundledPackages.js";

/** Licences under which a package may ship inside ours: they ask for their text and their notices, and no more. */
const permissive = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "Unlicense",
];

/** What packages carry that has no package of its own, and no licence file in theirs. */
const carried: Readonly<Record<string, string>> = {
  undici: "It carries llhttp: MIT licence, Copyright Fedor Indutny, 2018.",
};

const introduction = `Third-party notices

Backend.AI Sessions contains the packages that are named here, each under its own licence.
`;

const line = "-".repeat(80);

/**
 * The licences of all that is bundled, as one text.
 * @throws Error where a package may not ship: its licence is not permissive, or it has no text of it.
 */
export function thirdPartyNotices(packages: readonly BundledPackage[]): string {
  const wrong = packages.flatMap(problemsOf);
  if (wrong.length > 0) {
    throw new Error(`These packages can't ship:\n${wrong.join("\n")}`);
  }
  const sections = packages.map(({ name, version, license, texts }) =>
    [line, `${name} ${version} (${license})`, carried[name] ?? [], line, "", texts.join("\n\n"), ""]
      .flat()
      .join("\n"),
  );
  return [introduction, ...sections].join("\n");
}

function problemsOf({ name, version, license, texts }: BundledPackage): string[] {
  const choices = license.replace(/^\(|\)$/g, "").split(" OR ");
  return [
    ...(choices.some((choice) => permissive.includes(choice))
      ? []
      : [`${name} ${version}: the licence is ${license === "" ? "not told" : license}`]),
    ...(texts.length > 0 ? [] : [`${name} ${version}: there is no text of its licence`]),
  ];
}
