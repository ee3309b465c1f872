import * as z from "zod/mini";

const Manifest = z.looseObject({
  contributes: z.looseObject({
    commands: z.array(z.looseObject({ command: z.string(), title: z.string() })),
    menus: z.looseObject({
      "view/item/context": z.array(z.looseObject({ command: z.string(), when: z.optional(z.string()) })),
    }),
  }),
});

/** On which rows a command may be called, and what it is called, as `package.json` has it. */
export interface RowCommand {
  readonly title: string;
  /** Whether the menu of a row with this `contextValue` has it. */
  isFor(contextValue: string): boolean;
}

/**
 * What the menus of rows say of a command, so that a picker offers the same rows.
 * @param manifest `package.json`, as VS Code has read it.
 */
export function rowCommand(manifest: unknown, id: string): RowCommand {
  const { commands, menus } = Manifest.parse(manifest).contributes;
  const patterns = menus["view/item/context"]
    .filter(({ command }) => command === id)
    .map(({ when = "" }) => patternOf(when));
  return {
    title: commands.find(({ command }) => command === id)?.title ?? id,
    isFor: (contextValue) => patterns.some((pattern) => pattern.test(contextValue)),
  };
}

/** The rows of a `when` clause: `viewItem == name`, `viewItem =~ /pattern/`, or all of the view. */
function patternOf(when: string): RegExp {
  const [, name] = /viewItem == ([\w.]+)/.exec(when) ?? [];
  if (name !== undefined) {
    return new RegExp(`^${name.replaceAll(".", "\\.")}$`);
  }
  const [, pattern = ""] = /viewItem =~ \/((?:[^/\\]|\\.)+)\//.exec(when) ?? [];
  return new RegExp(pattern);
}
