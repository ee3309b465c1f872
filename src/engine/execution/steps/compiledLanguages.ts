import { shellQuote } from "../../../base/text.js";
import type { RuntimeName } from "../contract.js";
import type { Language, Workspace } from "./language.js";
import { note, shell, skip, type StepPlan } from "./stepPlan.js";

const libraries = process.platform === "linux" ? "-lrt -lm -lpthread -ldl" : "-lm -lpthread";

function cFamily(name: "c" | "cpp"): Language {
  const extension = `.${name}`;
  return {
    clean: (workspace) =>
      workspace.has("Makefile")
        ? shell("make clean")
        : note(name, 'skipping the clean phase due to missing "Makefile".', 0),
    build: (workspace, tool) => {
      if (!workspace.has(`main${extension}`)) {
        return note(name, `cannot find a main file ("main${extension}") or "Makefile".`, 127);
      }
      const sources = workspace.files(extension).map(shellQuote);
      const objects = sources.map((source) => `${source}.o`);
      const compile = sources.map((source) => `${tool} -c ${source} -o ${source}.o -Wall`);
      return shell([...compile, `${tool} ${objects.join(" ")} -o ./main ${libraries}`].join(" && "));
    },
    exec: (workspace) => firstExecutable(name, workspace, ["main", "a.out"]),
    query: {
      fileName: () => `main${extension}`,
      script: `"$0" -Wall "$1" -o "$2" ${libraries} && exec "$2"`,
    },
  };
}

const golang: Language = {
  clean: () => skip,
  build: (workspace, tool) =>
    workspace.has("main.go")
      ? shell(`${tool} build -o main ${workspace.has("go.mod") ? "." : quoted(workspace.files(".go"))}`)
      : note("golang", 'cannot find a main file ("main.go").', 127),
  exec: (workspace) => firstExecutable("golang", workspace, ["main"]),
  query: { fileName: () => "main.go", script: 'exec "$0" run "$1"' },
};

const rust: Language = {
  clean: () => skip,
  build: (workspace, tool) => {
    if (workspace.has("Cargo.toml")) {
      return shell("cargo build");
    }
    return workspace.has("main.rs")
      ? shell(`${tool} -o main main.rs`)
      : note("rust", 'cannot find a main file ("main.rs") or "Cargo.toml".', 127);
  },
  exec: (workspace) =>
    workspace.has("Cargo.toml")
      ? shell("exec cargo run --quiet")
      : firstExecutable("rust", workspace, ["main"]),
  query: { fileName: () => "main.rs", script: '"$0" -o "$2" "$1" && exec "$2"' },
};

const java: Language = {
  clean: () => skip,
  build: (workspace) => {
    const sources = workspace.files(".java");
    return sources.length > 0
      ? shell(`javac -d . ${quoted(sources)}`)
      : note("java", "cannot find any .java file.", 127);
  },
  exec: (workspace, tool) => {
    const main = ["main/Main", "Main"].find((name) => workspace.has(`${name}.class`));
    return main === undefined
      ? note("java", 'cannot find a main class ("Main" or "main.Main").', 127)
      : shell(`exec ${tool} ${main.replace("/", ".")}`);
  },
  query: {
    fileName: (code) => `${/\bpublic\s+(?:final\s+)?class\s+(\w+)/.exec(code)?.[1] ?? "Main"}.java`,
    wrap: (code) =>
      /\bclass\s+\w+/.test(code)
        ? code
        : `public class Main { public static void main(String[] args) throws Exception {\n${code}\n} }`,
    script: 'exec "$0" "$1"',
  },
};

/** The languages that are compiled before they run. */
export const compiledLanguages = {
  c: cFamily("c"),
  cpp: cFamily("cpp"),
  golang,
  rust,
  java,
} satisfies Partial<Record<RuntimeName, Language>>;

function firstExecutable(runtime: string, workspace: Workspace, names: readonly string[]): StepPlan {
  const found = names.find((name) => workspace.has(name));
  const wanted = names.map((name) => `"./${name}"`).join(" or ");
  return found === undefined
    ? note(runtime, `cannot find executable ${wanted}.`, 127)
    : shell(`exec ./${found}`);
}

function quoted(names: readonly string[]): string {
  return names.map(shellQuote).join(" ");
}
