/** How a program of some language is built and run inside a session, from `/home/work`. */
export interface Language {
  /** VS Code's language ids. */
  readonly ids: readonly string[];
  readonly name: string;
  /** Value of the image label `ai.backend.runtime-type` that suits it; absent where any image has what it needs. */
  readonly runtime?: string;
  /** The suffix of a file that has no name yet. */
  readonly suffix: string;
  /** Both words are quoted for a POSIX shell. `binary` is where a build may put its program. */
  readonly build?: (file: string, binary: string) => string;
  readonly exec: (file: string, binary: string) => string;
}

const runBinary = (_: string, binary: string): string => binary;

/** Every language that can be run, with the command in full: what happens is what is written here. */
export const languages: readonly Language[] = [
  { ids: ["python"], name: "Python", runtime: "python", suffix: ".py", exec: (file) => `python3 -u ${file}` },
  {
    ids: ["javascript"],
    name: "JavaScript",
    runtime: "nodejs",
    suffix: ".js",
    exec: (file) => `node ${file}`,
  },
  {
    ids: ["c"],
    name: "C",
    runtime: "c",
    suffix: ".c",
    build: (file, binary) => `gcc -Wall -O2 -o ${binary} ${file} -lm -lpthread`,
    exec: runBinary,
  },
  {
    ids: ["cpp"],
    name: "C++",
    runtime: "cpp",
    suffix: ".cpp",
    build: (file, binary) => `g++ -Wall -O2 -o ${binary} ${file} -lpthread`,
    exec: runBinary,
  },
  {
    ids: ["rust"],
    name: "Rust",
    runtime: "rust",
    suffix: ".rs",
    build: (file, binary) => `rustc -o ${binary} ${file}`,
    exec: runBinary,
  },
  {
    ids: ["go"],
    name: "Go",
    runtime: "golang",
    suffix: ".go",
    build: (file, binary) => `go build -o ${binary} ${file}`,
    exec: runBinary,
  },
  { ids: ["java"], name: "Java", runtime: "java", suffix: ".java", exec: (file) => `java ${file}` },
  { ids: ["shellscript"], name: "Shell", suffix: ".sh", exec: (file) => `bash ${file}` },
  { ids: ["r"], name: "R", runtime: "r", suffix: ".R", exec: (file) => `Rscript ${file}` },
  { ids: ["julia"], name: "Julia", runtime: "julia", suffix: ".jl", exec: (file) => `julia ${file}` },
  { ids: ["lua"], name: "Lua", runtime: "lua", suffix: ".lua", exec: (file) => `lua ${file}` },
  { ids: ["php"], name: "PHP", runtime: "php", suffix: ".php", exec: (file) => `php ${file}` },
  { ids: ["perl"], name: "Perl", suffix: ".pl", exec: (file) => `perl ${file}` },
];

/** The language of a VS Code language id. */
export function languageOf(languageId: string): Language | undefined {
  return languages.find((language) => language.ids.includes(languageId));
}
