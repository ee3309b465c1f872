import { writeFile } from "node:fs/promises";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { cacheRoot } from "../paths.js";
import { createProfile } from "../server/profile.js";
import type { TestRun } from "./runInHost.js";
import { brokenRun, isBroken, readResult, type HostResult } from "./result.js";

/** Runs the same tests in the desktop VS Code, downloaded into the cache. */
export async function runOnDesktop(run: TestRun): Promise<HostResult> {
  const profile = await createProfile(run.settings);
  try {
    await runTests({
      cachePath: cacheRoot,
      extensionDevelopmentPath: run.developmentPath,
      extensionTestsPath: run.testsPath,
      extensionTestsEnv: { ...run.env, VSCODE_TEST_PROFILE: profile.root },
      launchArgs: [
        run.workspace,
        `--user-data-dir=${profile.dataFolder}`,
        `--extensions-dir=${profile.extensionsFolder}`,
        "--disable-workspace-trust",
        "--skip-welcome",
      ],
    });
    return await readResult(run.summaryFile);
  } catch (error) {
    // A failing test ends VS Code with an error too; its own account says more.
    const result = await readResult(run.summaryFile);
    await writeFile(path.join(run.evidenceFolder, "desktop-error.txt"), String(error));
    return isBroken(result) ? brokenRun(String(error)) : result;
  } finally {
    await profile.saveLogs(path.join(run.evidenceFolder, "vscode-logs"));
    await profile.remove();
  }
}
