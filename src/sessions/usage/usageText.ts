import * as l10n from "@vscode/l10n";
import { escapeMarkdown } from "../../base/text.js";
import type { AcceleratorUsage, Flow, SessionUsage, Share } from "./usage.js";

/** What devices are called; others by their own word in capitals. */
const deviceNames: Readonly<Record<string, string>> = { cuda: "GPU", rocm: "GPU" };

/** Shares above this are drawn as a warning: the system kills what takes more memory. */
const scarceShare = 0.9;

/** `12.3 MiB`, `4 GiB`: powers of 1024, as sessions are given memory. */
export function formatBinary(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit] ?? ""}`;
}

/** `34 %`; `<1 %` of what is not nothing. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 0.5 ? "<1 %" : `${String(Math.round(percent))} %`;
}

/** The line of the status bar, such as `CPU 34 % · 1.2/4 GiB · GPU 87 %`. */
export function usageLine(usage: SessionUsage): string {
  const parts = [
    ...(usage.cpu ? [`CPU ${coresShare(usage.cpu)}`] : []),
    ...(usage.memory ? [memoryShort(usage.memory)] : []),
    ...usage.accelerators.flatMap((accelerator) =>
      accelerator.devices ? [`${nameOf(accelerator)} ${coresShare(accelerator.devices)}`] : [],
    ),
  ];
  return parts.join(" · ");
}

/** Whether memory is nearly all used. */
export function isMemoryScarce({ memory }: SessionUsage): boolean {
  return memory?.of !== undefined && memory.used / memory.of >= scarceShare;
}

/** The rows of the tooltip: what, how much. */
export function usageRows(usage: SessionUsage): readonly (readonly [name: string, value: string])[] {
  const network = [
    ...(usage.received === undefined ? [] : [`↓ ${formatBinary(usage.received)}/s`]),
    ...(usage.sent === undefined ? [] : [`↑ ${formatBinary(usage.sent)}/s`]),
  ];
  return [
    ...row("CPU", usage.cpu && `${coresShare(usage.cpu)} (${cores(usage.cpu)})`),
    ...row(l10n.t("Memory"), usage.memory && memoryLong(usage.memory)),
    ...usage.accelerators.flatMap((accelerator) => [
      ...row(nameOf(accelerator), accelerator.devices && coresShare(accelerator.devices)),
      ...row(l10n.t("{0} memory", nameOf(accelerator)), accelerator.memory && memoryLong(accelerator.memory)),
    ]),
    ...row(l10n.t("Disk read"), usage.diskRead && flow(usage.diskRead)),
    ...row(l10n.t("Disk written"), usage.diskWritten && flow(usage.diskWritten)),
    ...row(l10n.t("Network"), network.length > 0 ? network.join(" ") : undefined),
  ];
}

/** The tooltip as Markdown. */
export function usageTooltip(session: { readonly name: string }, usage: SessionUsage): string {
  const containers = usage.containers > 1 ? ` · ${l10n.t("{0} containers", usage.containers)}` : "";
  const rows = usageRows(usage).map(([name, value]) => `| ${name}&emsp; | ${value} |`);
  return [`**${escapeMarkdown(session.name)}**${containers}`, "", "| | |", "|:--|:--|", ...rows].join("\n");
}

function row(name: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[name, value]];
}

/** Of all cores or devices that the session has; of one where their number is not known. */
function coresShare({ used, of }: Share): string {
  return formatPercent(used / (of !== undefined && of > 0 ? of : 1));
}

function cores({ used, of }: Share): string {
  const busy = used.toFixed(used < 10 ? 2 : 1).replace(/\.?0+$/, "");
  if (of === undefined) {
    return l10n.t("{0} cores", busy);
  }
  return of === 1 ? l10n.t("{0} of 1 core", busy) : l10n.t("{0} of {1} cores", busy, of);
}

function memoryShort({ used, of }: Share): string {
  if (of === undefined) {
    return formatBinary(used);
  }
  const [value = "", unit = ""] = formatBinary(used).split(" ");
  const [limit = "", limitUnit = ""] = formatBinary(of).split(" ");
  return unit === limitUnit ? `${value}/${limit} ${unit}` : `${value} ${unit}/${limit} ${limitUnit}`;
}

function memoryLong({ used, of }: Share): string {
  return of === undefined || of <= 0
    ? formatBinary(used)
    : l10n.t("{0} of {1} ({2})", formatBinary(used), formatBinary(of), formatPercent(used / of));
}

function flow({ bytes, perSecond }: Flow): string {
  return perSecond === undefined
    ? formatBinary(bytes)
    : `${formatBinary(bytes)}, ${formatBinary(perSecond)}/s`;
}

function nameOf({ kind }: AcceleratorUsage): string {
  return deviceNames[kind] ?? kind.toUpperCase();
}
