import { isSecretName } from "./maskText.js";

/** Variables as they may be written down, and the names of those that may not. */
export interface KeptVariables {
  readonly kept: Readonly<Record<string, string>>;
  /** Names of variables whose values are secrets. */
  readonly withheld: readonly string[];
}

/** Parts variables into those that may be kept beyond this process and those that are secrets by their names. */
export function withholdSecrets(variables: Readonly<Record<string, string>>): KeptVariables {
  const entries = Object.entries(variables);
  return {
    kept: Object.fromEntries(entries.filter(([name, value]) => value === "" || !isSecretName(name))),
    withheld: entries.flatMap(([name, value]) => (value !== "" && isSecretName(name) ? [name] : [])),
  };
}
