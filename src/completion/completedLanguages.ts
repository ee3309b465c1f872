/** VS Code's ids of the languages whose sessions may know something: those with an interpreter that keeps its variables. */
export const completedLanguages: readonly string[] = ["python", "r", "julia", "javascript"];
