import { cpus, totalmem } from "node:os";
import { Refusal } from "../http/refusal.js";

/** Resources by slot name; `mem` in bytes. */
export type Slots = Readonly<Record<string, number>>;

/** What this computer has. */
export function capacity(): Slots {
  return { cpu: cpus().length, mem: totalmem() };
}

/** What a session gets that asks for nothing. */
export const defaultSlots: Slots = { cpu: 1, mem: 1024 ** 3 };

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/** Bytes of `512m`, `1g`, `1073741824`; `undefined` when it is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(text.trim());
  const unit = units[match?.[2]?.toLowerCase() ?? ""];
  return match && unit !== undefined ? Math.floor(Number(match[1]) * unit) : undefined;
}

/**
 * Reads `config.resources`; absent slots get their default.
 * @throws {Refusal} for a slot that this computer has not, or an amount that is none.
 */
export function parseSlots(resources: Readonly<Record<string, unknown>>): Slots {
  const slots: Record<string, number> = { ...defaultSlots };
  for (const [name, amount] of Object.entries(resources)) {
    if (name !== "cpu" && name !== "mem") {
      throw new Refusal("unknown-slot", { msg: `Unknown slot type: '${name}'` });
    }
    const value = typeof amount === "number" ? amount : parseSize(String(amount));
    if (value === undefined || !Number.isFinite(value)) {
      throw new Refusal("invalid-params", { msg: `Invalid amount of ${name}: ${String(amount)}` });
    }
    slots[name] = value;
  }
  return slots;
}

/** Whether the computer has that much at all; a session that asks for more waits for ever, as on a cluster. */
export function fitsCapacity(slots: Slots): boolean {
  const has = capacity();
  return Object.entries(slots).every(([name, amount]) => amount <= (has[name] ?? 0));
}

/** As GraphQL and presets have it: `{"cpu": "1", "mem": "1073741824"}`. */
export function slotStrings(slots: Slots): Record<string, string> {
  return Object.fromEntries(Object.entries(slots).map(([name, amount]) => [name, String(amount)]));
}

/** As `GET /session/{id}` has it, which prints a Python mapping. */
export function slotsInPython(slots: Slots): string {
  const items = Object.entries(slots).map(([name, amount]) => `'${name}': Decimal('${String(amount)}')`);
  return `{${items.join(", ")}}`;
}

/** The sum of several. */
export function addSlots(all: readonly Slots[]): Slots {
  const total: Record<string, number> = { cpu: 0, mem: 0 };
  for (const slots of all) {
    for (const [name, amount] of Object.entries(slots)) {
      total[name] = (total[name] ?? 0) + amount;
    }
  }
  return total;
}
