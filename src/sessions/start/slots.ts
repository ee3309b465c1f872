import * as l10n from "@vscode/l10n";
import type { SessionImage } from "../../api/index.js";

/** Amounts of resources by the server's names of them, such as `cpu`, `mem`, `cuda.device`. */
export type Slots = Readonly<Record<string, string | number | null>>;

const units: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 };

/** A number of a slot, bytes for memory: `4g`, `512M`, `1.5`, `Infinity`; `undefined` where it is none. */
export function amountOf(value: string | number | null | undefined): number | undefined {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kmgtp])?(?:i?b)?\s*$/i.exec(String(value ?? "")) ?? [];
  if (digits === undefined) {
    return value === "Infinity" ? Infinity : undefined; // for programs
  }
  return Number(digits) * 1024 ** (units[unit?.toLowerCase() ?? ""] ?? 0);
}

/** Slots in words: `2 cores · 4 GB memory · 1 GPU`. */
export function slotsInWords(slots: Slots): string {
  return Object.entries(slots)
    .map(([name, value]) => ({ name, amount: amountOf(value) }))
    .filter(({ amount }) => amount !== undefined && amount > 0)
    .map(({ name, amount = 0 }) => slotInWords(name, amount))
    .join(" · ");
}

function slotInWords(name: string, amount: number): string {
  if (name === "cpu") {
    return amount === 1 ? l10n.t("1 core") : l10n.t("{0} cores", round(amount));
  }
  if (name === "mem") {
    return l10n.t("{0} memory", memoryInWords(amount));
  }
  const device = /^(cuda|rocm)\.(device|shares)$/.exec(name);
  if (device === null) {
    return `${round(amount)} ${name}`;
  }
  if (device[2] === "shares") {
    return amount === 1 ? l10n.t("1 GPU share") : l10n.t("{0} GPU shares", round(amount));
  }
  return amount === 1 ? l10n.t("1 GPU") : l10n.t("{0} GPUs", round(amount));
}

/** Slots count memory in powers of 1024. */
function memoryInWords(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3;
  return gigabytes >= 1 ? `${round(gigabytes)} GB` : `${round(bytes / 1024 ** 2)} MB`;
}

function round(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : l10n.t("any number of");
}

/** What a person typed: slots, or what is wrong. */
export type TypedSlots =
  | { readonly slots: Readonly<Record<string, string>>; readonly problem?: undefined }
  | { readonly problem: string };

/** Reads what a person types: `cpu=2 mem=4g cuda.device=1`. */
export function parseSlots(text: string): TypedSlots {
  const slots: Record<string, string> = {};
  for (const word of text.split(/[\s,]+/).filter((part) => part !== "")) {
    const [name = "", value = "", ...more] = word.split("=");
    if (!/^[\w.-]+$/.test(name) || value === "" || more.length > 0) {
      return { problem: l10n.t("“{0}” is no slot: write them like cpu=2 mem=4g cuda.device=1.", word) };
    }
    if (amountOf(value) === undefined) {
      return {
        problem: l10n.t(
          "“{0}” is no amount of {1}: write numbers, for memory also like 512m or 4g.",
          value,
          name,
        ),
      };
    }
    slots[name] = value;
  }
  return { slots };
}

/** Slots as a person types them. */
export function slotsText(slots: Slots): string {
  return Object.entries(slots)
    .filter(([, value]) => value !== null && amountOf(value) !== 0)
    .map(([name, value]) => `${name}=${name === "mem" ? memoryText(amountOf(value) ?? 0) : String(value)}`)
    .join(" ");
}

function memoryText(bytes: number): string {
  const [unit, size] = bytes % 1024 ** 3 === 0 ? ["g", 1024 ** 3] : ["m", 1024 ** 2];
  return `${Math.ceil(bytes / size)}${unit}`;
}

/**
 * Why slots can't be had: less than the image needs, more than it takes, or more than is left; `undefined` when nothing speaks
 * against it.
 */
export function problemOfSlots(
  slots: Slots,
  { resourceLimits }: Pick<SessionImage, "resourceLimits">,
  remaining: Slots,
): string | undefined {
  for (const { key, min, max } of resourceLimits) {
    const wanted = amountOf(slots[key]) ?? 0;
    const least = amountOf(min) ?? 0;
    const most = amountOf(max) ?? 0;
    if (wanted < least && (slots[key] !== undefined || isCommon(key))) {
      return l10n.t("This image needs at least {0}.", slotInWords(key, least));
    }
    if (most > 0 && wanted > most) {
      return l10n.t("This image takes at most {0}.", slotInWords(key, most));
    }
  }
  for (const [name, value] of Object.entries(slots)) {
    const left = amountOf(remaining[name]);
    if (left !== undefined && (amountOf(value) ?? 0) > left) {
      return left === 0
        ? l10n.t("Nothing is left of {0}.", name)
        : l10n.t("Only {0} are left for you.", slotInWords(name, left));
    }
  }
  return undefined;
}

/** What every session has to have. */
function isCommon(name: string): boolean {
  return name === "cpu" || name === "mem";
}
