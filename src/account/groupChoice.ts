import type { Group } from "../api/index.js";
import type { Profile } from "./profiles/profile.js";

/** A group to start sessions for, and the domain that it is in. */
export type GroupChoice = Pick<Profile, "group" | "domain">;

/** The group of a profile, as far as the server's list of the person's groups decides. */
export interface DecidedGroup {
  /** What to start sessions for when nobody is asked. */
  readonly choice: GroupChoice;
  /** Whether several would do, and nobody has said which. */
  readonly isOpen: boolean;
}

/**
 * Which group sessions are started for: the one that the profile names, if the person is in it; the only one; else one of several.
 * `wasChosen` tells whether somebody named the group of the profile, rather than nobody.
 */
export function decideGroup(
  groups: readonly Group[],
  profile: Profile,
  { wasChosen }: { readonly wasChosen: boolean },
): DecidedGroup {
  const [first, ...more] = groups;
  const named =
    groups.find((group) => isNamed(group, profile)) ?? groups.find(({ name }) => name === profile.group);
  const group = named ?? first;
  return {
    choice: group === undefined ? profile : choiceOf(group, profile),
    isOpen: more.length > 0 && !(named !== undefined && wasChosen),
  };
}

/** Whether a group is the one that sessions are started for. */
export function isNamed({ name, domain }: Group, choice: GroupChoice): boolean {
  return name === choice.group && (domain ?? choice.domain) === choice.domain;
}

/** A group as a profile keeps it. */
export function choiceOf({ name, domain }: Group, before: GroupChoice): GroupChoice {
  return { group: name, domain: domain ?? before.domain };
}
