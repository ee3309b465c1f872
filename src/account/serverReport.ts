import * as l10n from "@vscode/l10n";
import type { BackendAIClient, Finding, KnownDefect } from "../api/index.js";
import { escapeMarkdown, labelText } from "../base/shownText.js";

const headings: Readonly<Record<Finding, string>> = {
  seen: l10n.t("Does not work here"),
  expected: l10n.t("Known of this release"),
  absent: l10n.t("Works here, though it fails on other servers"),
};

/**
 * What works on a server and what the extension does about the rest, as Markdown.
 * @param label The server, as the person knows it.
 */
export function serverReport(client: Pick<BackendAIClient, "dialect" | "findings">, label: string): string {
  const { manager, apiVersion } = client.dialect;
  const known = client.findings.isDeclared ? [] : client.findings.all();
  const sections = (["seen", "expected", "absent"] as const).flatMap((finding) =>
    section(
      headings[finding],
      known.filter((defect) => defect.finding === finding),
    ),
  );
  return [
    `# ${escapeMarkdown(labelText(label))}`,
    "",
    l10n.t("Manager {0}, API {1}.", escapeMarkdown(manager), escapeMarkdown(apiVersion)),
    "",
    ...(sections.length > 0
      ? [...sections.slice(1), "", l10n.t("What was met is remembered until the server is updated.")]
      : [l10n.t("No defect is known of this server: everything is expected to work.")]),
    "",
  ].join("\n");
}

function section(heading: string, defects: readonly KnownDefect[]): string[] {
  if (defects.length === 0) {
    return [];
  }
  const rows = defects.map(({ does, instead, finding }) =>
    finding === "absent" ? `| ${capitalised(does)} | – |` : `| ${capitalised(does)} | ${instead} |`,
  );
  return [
    "",
    `## ${heading}`,
    "",
    `| ${l10n.t("what such servers do")} | ${l10n.t("what the extension does")} |`,
    "| --- | --- |",
    ...rows,
  ];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
