/** What in Markdown leads elsewhere by itself: another site, or a heading of the page. */
const absolute = "(?![a-z][a-z\\d+.-]*:|#|\\/\\/)";

const picture = new RegExp(`!\\[[^\\][]*\\]\\(${absolute}[^)\\s]+\\)`, "gi");
const htmlPicture = new RegExp(
  `<(img|source)\\b[^>]*?\\b(?:src|srcset)=["']${absolute}[^"']+["'][^>]*>`,
  "gi",
);
const emptyPicture = /<picture>\s*<\/picture>/gi;
const link = new RegExp(`\\[([^\\][]*)\\]\\(${absolute}[^)\\s]+\\)`, "gi");
const blankLines = /\n{3,}/g;

/**
 * The README as VS Code can show it on the page of an installed extension where no repository has its pictures: that page draws
 * pictures from `https:` alone, neither from the package nor from `data:`, and opens no relative link. So pictures are left out,
 * and links into the repository become their text.
 */
export function packagedReadme(readme: string): string {
  return readme
    .replace(picture, "")
    .replace(htmlPicture, "")
    .replace(emptyPicture, "")
    .replace(link, "$1")
    .replace(blankLines, "\n\n");
}
