import * as l10n from "@vscode/l10n";
import { type PickItem, showQuickPick } from "../../platform/shown/quickPick.js";
import { showInputBox } from "../../platform/shown/inputBox.js";
import { languageOf } from "../plan/languages.js";
import { planRun, type RunOptions } from "../plan/runPlan.js";

/** A step of a run that a person may change. */
type Step = Exclude<keyof RunOptions, "env">;

const steps: Readonly<Record<Step, { readonly label: string; readonly hint: string }>> = {
  args: { label: l10n.t("Arguments"), hint: l10n.t("as in a shell: --epochs 3 'two words'") },
  exec: { label: l10n.t("Command"), hint: l10n.t("what runs, for a POSIX shell in /home/work") },
  build: { label: l10n.t("Build"), hint: l10n.t("before it; empty for none") },
  clean: { label: l10n.t("Clean"), hint: l10n.t("before the build; empty for none") },
};

/** Variables as a person types them: `A=1 B='two words'`. */
const variable = /([A-Za-z_]\w*)=(?:'([^']*)'|"([^"]*)"|(\S*))(?:\s+|$)/y;

interface OptionItem extends PickItem {
  readonly step: Step | "env" | "run";
}

/** Asks how a file is to be run, beginning with how it was run last; `undefined` when the person gave up. */
export async function pickRunOptions(
  document: { readonly languageId: string; readonly path: string },
  last: RunOptions,
): Promise<RunOptions | undefined> {
  let options = last;
  for (;;) {
    const choice = await showQuickPick(itemsFor(document, options), {
      title: l10n.t("Run {0} with Options", document.path.split("/").at(-1) ?? ""),
      placeHolder: l10n.t("Enter runs; choose a line to change it"),
    });
    if (choice === undefined || choice.step === "run") {
      return choice && options;
    }
    options = {
      ...options,
      ...(await ask(choice.step, options, shownValue(document, options, choice.step))),
    };
  }
}

function itemsFor(
  document: { readonly languageId: string; readonly path: string },
  options: RunOptions,
): OptionItem[] {
  const named = (Object.keys(steps) as Step[]).map((step) => ({
    step,
    icon: "edit",
    label: steps[step].label,
    description: shownValue(document, options, step) || l10n.t("none"),
    detail: options[step] === undefined ? "" : l10n.t("changed"),
  }));
  const env = {
    step: "env" as const,
    icon: "edit",
    label: l10n.t("Environment"),
    description: envText(options.env) || l10n.t("none"),
  };
  return [
    { step: "run", icon: "play", label: l10n.t("Run"), description: commandLine(document, options) },
    ...named,
    env,
  ];
}

/** What a step does now: as the person said, else by the language. */
function shownValue(
  { languageId, path }: { readonly languageId: string; readonly path: string },
  options: RunOptions,
  step: Step | "env",
): string {
  if (step === "env") {
    return envText(options.env);
  }
  const given = options[step];
  const language = languageOf(languageId);
  if (given !== undefined || language === undefined || (step !== "exec" && step !== "build")) {
    return given ?? "";
  }
  const plan = planRun(languageId, path);
  return step === "exec"
    ? plan.exec.replace(/^exec /, "")
    : (plan.build?.replace(/^mkdir -p \S+ && /, "") ?? "");
}

function commandLine(
  { languageId, path }: { readonly languageId: string; readonly path: string },
  options: RunOptions,
): string {
  try {
    return planRun(languageId, path, options).commandLine;
  } catch {
    return l10n.t("a command is needed");
  }
}

async function ask(step: Step | "env", options: RunOptions, value: string): Promise<RunOptions> {
  const isEnv = step === "env";
  const text = await showInputBox({
    title: isEnv ? l10n.t("Environment") : steps[step].label,
    // for programs
    prompt: isEnv ? "NAME=value NAME='two words'" : steps[step].hint,
    value,
    validateInput: (typed) =>
      isEnv && parseEnv(typed) === undefined
        ? l10n.t("Write NAME=value, with quotes around spaces.")
        : undefined,
  });
  if (text === undefined) {
    return options;
  }
  if (isEnv) {
    return { ...options, env: parseEnv(text) };
  }
  // An emptied command or argument is the default again; an emptied build is none.
  return { ...options, [step]: text === "" && step !== "build" ? undefined : text };
}

function parseEnv(text: string): Record<string, string> | undefined {
  const env: Record<string, string> = {};
  const trimmed = text.trim();
  variable.lastIndex = 0;
  while (variable.lastIndex < trimmed.length) {
    const match = variable.exec(trimmed);
    if (match === null) {
      return undefined;
    }
    env[match[1] ?? ""] = match[2] ?? match[3] ?? match[4] ?? "";
  }
  return env;
}

function envText(env: Readonly<Record<string, string>> = {}): string {
  return Object.entries(env)
    .map(([name, value]) =>
      /^[^\s'"]+$/.test(value) ? `${name}=${value}` : `${name}='${value.replaceAll("'", "")}'`,
    )
    .join(" ");
}
