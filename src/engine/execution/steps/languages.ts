import type { RuntimeName } from "../contract.js";
import { compiledLanguages } from "./compiledLanguages.js";
import type { Language } from "./language.js";
import { note, shell, skip } from "./stepPlan.js";

const python: Language = {
  clean: () => skip,
  build: (workspace, tool) =>
    workspace.has("setup.py")
      ? shell(`exec ${tool} -m pip install --user -e .`)
      : note("python", 'skipping the build phase due to missing "setup.py" file', 0),
  exec: (workspace, tool) =>
    workspace.has("main.py")
      ? shell(`exec ${tool} main.py`)
      : note("python", 'cannot find the main script ("main.py").', 127),
};

/** A language that runs its main file as it is. */
function script(
  runtime: RuntimeName,
  main: string,
  run = 'exec "$0" "$1"',
  wrap?: (code: string) => string,
): Language {
  return {
    clean: () => skip,
    build: () => note(runtime, "no build process for this language.", 0),
    exec: (workspace, tool) =>
      workspace.has(main)
        ? shell(`exec ${tool} ${main}`)
        : note(runtime, `cannot find the main script ("${main}").`, 127),
    query: { fileName: () => main, script: run, ...(wrap === undefined ? {} : { wrap }) },
  };
}

const withoutQuery = ({ clean, build, exec }: Language): Language => ({ clean, build, exec });

/** Every language of the engine. */
export const languages: Readonly<Record<RuntimeName, Language>> = {
  python,
  nodejs: withoutQuery(script("nodejs", "main.js")),
  ...compiledLanguages,
  r: script("r", "main.R"),
  julia: script("julia", "main.jl"),
  lua: script("lua", "main.lua"),
  php: script("php", "main.php", undefined, (code) => (/^\s*<\?/.test(code) ? code : `<?php\n${code}`)),
  shell: script("shell", "main.sh"),
};
