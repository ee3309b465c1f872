import * as l10n from "@vscode/l10n";
import type { Group } from "../../../api/index.js";
import { isAbort } from "../../../base/abort.js";
import { askSteps } from "../../../platform/steps.js";
import type { PickItem } from "../../../platform/shown/quickPick.js";
import { choiceOf, decideGroup, type GroupChoice, isNamed } from "../../groupChoice.js";
import type { Profile } from "../../profiles/profile.js";

interface GroupItem extends PickItem {
  readonly group: Group;
}

/**
 * Asks which group (project) sessions are started for.
 * @param before The one so far; it is marked.
 * @throws an `AbortError` when the question is closed.
 */
export async function askGroup(
  groups: readonly Group[],
  before: GroupChoice,
  server: string,
  signal: AbortSignal,
): Promise<GroupChoice> {
  const isOneDomain = new Set(groups.map(({ domain }) => domain)).size < 2;
  const items = [...groups]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((group): GroupItem => {
      const isCurrent = isNamed(group, before);
      const domain = isOneDomain ? "" : (group.domain ?? "");
      return {
        icon: isCurrent ? "check" : "organization",
        label: group.name,
        description: domain,
        group,
      };
    });
  const active = items.find(({ group }) => isNamed(group, before));
  let choice = before;
  await askSteps(
    l10n.t("Group of {0}", server),
    [
      async (ask) => {
        const placeHolder = l10n.t("Group (project) that new sessions are started for");
        choice = choiceOf((await ask.pick({ placeHolder, items, active })).group, before);
      },
    ],
    signal,
  );
  return choice;
}

/**
 * The profile with the group that its person wants: asked where several would do and none was named before. Who closes the
 * question gets the marked one.
 */
export async function withGroup(
  profile: Profile,
  groups: readonly Group[],
  { wasChosen, signal }: { readonly wasChosen: boolean; readonly signal: AbortSignal },
): Promise<Profile> {
  const { choice, isOpen } = decideGroup(groups, profile, { wasChosen });
  try {
    const { group, domain } = isOpen ? await askGroup(groups, choice, profile.name, signal) : choice;
    return { ...profile, group, domain };
  } catch (error) {
    if (!isAbort(error) || signal.aborted) {
      throw error;
    }
    return { ...profile, group: choice.group, domain: choice.domain };
  }
}
