/** Starts and stops one private VS Code server: own port, own profile, no traffic to the outside. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { addLanguages, type Language } from "../language/languagePack.js";
import type { CodeServer } from "./install.js";
import { endProcessGroup, exitOf } from "./processGroup.js";
import { createProfile, independentEnvironment, type Profile, type Settings } from "./profile.js";
import { waitForOutput } from "./waitForOutput.js";

const startDeadlineMs = 30_000;

/** What one server is started with. */
export interface ServerOptions {
  readonly codeServer: CodeServer;
  /** Receives everything the server prints. */
  readonly logFile: string;
  /** User settings on top of the quiet ones. */
  readonly settings?: Settings | undefined;
  /** Extra environment of the server and so of the extension host. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** What a browser has to give first; without one, whoever reaches the port of this computer is let in. */
  readonly password?: string | undefined;
  /** Ends a server whose parent was killed outright; over 60, default 300. */
  readonly idleTimeoutSeconds?: number | undefined;
  /** Extensions (.vsix files) to install before starting. */
  readonly install?: readonly string[] | undefined;
  /** Folders of extensions that VS Code shall find installed; what changes in them counts from the next window. */
  readonly linkedExtensions?: readonly string[] | undefined;
  /** Lets a script see inside the page; a person's window does without. Default true. */
  readonly automation?: boolean | undefined;
  /** What the windows are set to. Default: English, whatever the browser prefers. */
  readonly language?: Language | undefined;
}

/** A server that listens. Whoever started it calls `stop`, then `profile.remove`. */
export interface RunningServer {
  readonly url: string;
  /** Host and port, which name the server in `vscode-remote` addresses. */
  readonly authority: string;
  readonly profile: Profile;
  /** Resolves with the exit code or signal when the server ends, by whatever cause. */
  readonly exited: Promise<number | string>;
  readonly stop: () => Promise<void>;
}

/** Starts a server and waits until it listens; leaves nothing behind when that fails. */
export async function startCodeServer(options: ServerOptions): Promise<RunningServer> {
  const profile = await createProfile(options.settings);
  try {
    return await startWith(profile, options);
  } catch (error) {
    await profile.remove();
    throw error;
  }
}

async function startWith(profile: Profile, options: ServerOptions): Promise<RunningServer> {
  const { password } = options;
  const access = password === undefined ? "auth: none\n" : `auth: password\npassword: ${password}\n`;
  await writeFile(path.join(profile.root, "config.yaml"), access, { mode: 0o600 });
  for (const folder of options.linkedExtensions ?? []) {
    await symlink(folder, path.join(profile.extensionsFolder, path.basename(folder)));
  }
  await addLanguages(profile.dataFolder);
  const env = serverEnvironment(options, profile);
  for (const vsix of options.install ?? []) {
    await installExtension(options.codeServer, profile, env, vsix);
  }
  const child = spawn(
    options.codeServer.node,
    [options.codeServer.entry, ...serverArguments(options, profile)],
    {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // its own process group, so that stop() also ends the extension host and terminals
    },
  );
  const exited = exitOf(child);
  const log = createWriteStream(options.logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const stop = async (): Promise<void> => {
    await endProcessGroup(child);
    log.end();
  };
  try {
    const url = await waitForOutput(child, {
      find: (output) => /HTTP server listening on (http:\S+?)\/?\s/.exec(output)?.[1],
      deadlineMs: startDeadlineMs,
      program: "The VS Code server",
      logFile: options.logFile,
    });
    return { url, authority: new URL(url).host, profile, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Without its own configuration file code-server writes one into the user's home. */
function profileArguments(profile: Profile): string[] {
  return [
    `--config=${path.join(profile.root, "config.yaml")}`,
    `--user-data-dir=${profile.dataFolder}`,
    `--extensions-dir=${profile.extensionsFolder}`,
  ];
}

function serverArguments(options: ServerOptions, profile: Profile): string[] {
  const {
    port = Number(process.env["VSCODE_TEST_PORT"] ?? 0),
    idleTimeoutSeconds = 300,
    automation = true,
    language = "en",
  } = options;
  return [
    `--bind-addr=127.0.0.1:${String(port)}`,
    ...profileArguments(profile),
    "--disable-telemetry",
    "--disable-update-check",
    ...(options.settings?.["security.workspace.trust.enabled"] === true ? [] : ["--disable-workspace-trust"]),
    "--disable-getting-started-override",
    `--locale=${language}`,
    `--idle-timeout-seconds=${String(idleTimeoutSeconds)}`,
    // Without it the page ignores extensionTestsPath and hides its terminals' text.
    ...(automation ? ["--vscode-option=enable-smoke-test-driver"] : []),
  ];
}

function serverEnvironment({ codeServer, env }: ServerOptions, profile: Profile): NodeJS.ProcessEnv {
  return independentEnvironment({
    PATH: path.dirname(codeServer.node) + path.delimiter + (process.env["PATH"] ?? ""),
    XDG_CONFIG_HOME: path.join(profile.root, "config"),
    XDG_DATA_HOME: path.join(profile.root, "share"),
    VSCODE_TEST_PROFILE: profile.root,
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "" }),
    ...env,
  });
}

async function installExtension(
  codeServer: CodeServer,
  profile: Profile,
  env: NodeJS.ProcessEnv,
  vsix: string,
): Promise<void> {
  const args = [codeServer.entry, ...profileArguments(profile), "--install-extension", vsix, "--force"];
  const child = spawn(codeServer.node, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const code = await exitOf(child);
  if (code !== 0) {
    throw new Error(`Installing ${vsix} failed (${String(code)}):\n${output}`);
  }
}
