import * as l10n from "@vscode/l10n";
import type { CheckedPresets, ResourcePreset, SessionImage } from "../../../api/index.js";
import type { Asker } from "../../../platform/steps.js";
import type { PickItem } from "../../../platform/shown/quickPick.js";
import {
  amountOf,
  parseSlots,
  problemOfSlots,
  type Slots,
  slotsInWords,
  slotsText,
} from "../../start/slots.js";
import type { StartRequest } from "../../start/startRequest.js";

type Resources = Pick<StartRequest, "resources" | "sharedMemory">;

interface ResourceItem extends PickItem {
  readonly preset?: ResourcePreset;
  readonly isCustom?: boolean;
}

/** Asks for resources: a preset of the server, with whether it fits now, or slots of one's own. */
export async function askResources(
  ask: Asker,
  image: SessionImage,
  checked: CheckedPresets,
  before: Resources,
): Promise<Resources> {
  const remaining = checked.keypair_remaining ?? {};
  const presets = checked.presets.map((preset) => presetItem(preset, image, remaining));
  const items: ResourceItem[] = [
    {
      icon: "settings",
      label: l10n.t("As the Image Needs"),
      detail: l10n.t("The least that it runs with, or the server's default."),
    },
    ...presets,
    {
      icon: "edit",
      label: l10n.t("Custom…"),
      detail: l10n.t("Cores, memory and accelerators of your choice."),
      isCustom: true,
    },
  ];
  const left = slotsInWords(remaining);
  const placeHolder = left === "" ? l10n.t("Resources") : l10n.t("Resources. Left for you: {0}", left);
  const choice = await ask.pick({ placeHolder, items });
  if (choice.preset !== undefined) {
    return ofPreset(choice.preset);
  }
  return choice.isCustom === true ? askSlots(ask, image, remaining, before) : {};
}

function presetItem(preset: ResourcePreset, image: SessionImage, remaining: Slots): ResourceItem {
  const problem = problemOfSlots(preset.resource_slots, image, remaining);
  const fits = preset.allocatable !== false && problem === undefined;
  return {
    icon: fits ? "pass" : "warning",
    label: preset.name,
    description: slotsInWords(preset.resource_slots),
    detail: fits
      ? l10n.t("Fits now.")
      : (problem ?? l10n.t("Does not fit now: it would wait until others end.")),
    preset,
  };
}

function ofPreset({ resource_slots, shared_memory }: ResourcePreset): Resources {
  const wanted = Object.entries(resource_slots).filter(
    (entry): entry is [string, string | number] => (amountOf(entry[1]) ?? 0) > 0,
  );
  const shared = amountOf(shared_memory);
  return {
    resources: Object.fromEntries(wanted),
    ...(shared === undefined || shared === 0 ? {} : { sharedMemory: String(shared) }),
  };
}

async function askSlots(
  ask: Asker,
  image: SessionImage,
  remaining: Slots,
  before: Resources,
): Promise<Resources> {
  const least = Object.fromEntries(
    image.resourceLimits
      .filter(({ min }) => (amountOf(min) ?? 0) > 0)
      .map(({ key, min }) => [key, min ?? ""]),
  );
  const text = await ask.text({
    prompt: l10n.t("Slots, such as cpu=2 mem=4g cuda.device=1"),
    value: slotsText(before.resources ?? (Object.keys(least).length > 0 ? least : { cpu: 1, mem: "1g" })),
    validate: (typed) => problemOf(typed, image, remaining),
  });
  const typed = parseSlots(text);
  return typed.problem === undefined ? { resources: typed.slots } : {};
}

function problemOf(text: string, image: SessionImage, remaining: Slots): string | undefined {
  const typed = parseSlots(text);
  return typed.problem ?? problemOfSlots(typed.slots, image, remaining);
}
