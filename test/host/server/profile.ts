import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** User settings by name. */
export type Settings = Readonly<Record<string, unknown>>;

/** Nothing here may phone home, open a page of its own or cover what is to be seen. */
const quietSettings: Settings = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "json.schemaDownload.enable": false,
  "security.workspace.trust.enabled": false,
  "terminal.integrated.gpuAcceleration": "off",
  "git.openRepositoryInParentFolders": "never",
};

/** The private home of one VS Code: its settings, its extensions, its state. Whoever creates it removes it. */
export interface Profile {
  readonly root: string;
  readonly dataFolder: string;
  readonly extensionsFolder: string;
  /** Copies the logs of every window that used this profile. */
  readonly saveLogs: (folder: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * Creates a profile in the system's temporary folder: it holds a UNIX socket, whose path must stay under 108 bytes.
 */
export async function createProfile(settings: Settings = {}): Promise<Profile> {
  const root = await mkdtemp(path.join(os.tmpdir(), "backendai-vscode-"));
  const dataFolder = path.join(root, "data");
  const extensionsFolder = path.join(root, "extensions");
  await mkdir(path.join(dataFolder, "User"), { recursive: true });
  await mkdir(extensionsFolder);
  await writeFile(
    path.join(dataFolder, "User/settings.json"),
    JSON.stringify({ ...quietSettings, ...settings }, undefined, 2),
  );
  return {
    root,
    dataFolder,
    extensionsFolder,
    saveLogs: (folder) => copyLogs(path.join(dataFolder, "logs"), folder),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

async function copyLogs(logs: string, folder: string): Promise<void> {
  for (const window of await readdir(logs).catch(() => [])) {
    await cp(path.join(logs, window), folder, { recursive: true });
  }
}

/**
 * The environment for a VS Code that is nobody's child: inside a VS Code terminal, inherited variables would turn it
 * into a client of the enclosing one, and any `PORT` or `PASSWORD` would win over our arguments.
 */
export function independentEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_(?!TEST_)|CODE_SERVER_|ELECTRON_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$)/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(inherited), ...extra };
}
