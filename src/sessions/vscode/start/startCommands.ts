import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { serverIdOf, targetLabel } from "../../../account/target.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { BackendAIClient } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import type { Disposable } from "../../../base/lifecycle.js";
import { askVariables } from "../../../platform/askVariables.js";
import type { Commands } from "../../../platform/commands.js";
import type { SessionStarter } from "../../sessionStarter.js";
import type { SessionStore } from "../../sessionStore.js";
import type { StartMemory } from "../../start/startMemory.js";
import { type StartRequest, unnamed } from "../../start/startRequest.js";
import { startWithProgress } from "../startWithProgress.js";

/** What the commands that start sessions work with. */
export interface StartCommandDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly starter: SessionStarter;
  readonly memory: StartMemory;
}

/** Commands that start sessions: step by step, as last time, as a file says; and the file itself. */
export function registerStartCommands(commands: Commands, deps: StartCommandDeps): Disposable[] {
  return [
    commands.register("backendai.sessions.start", (signal, given) => startStepByStep(deps, given, signal)),
    commands.register("backendai.sessions.startLast", (signal) => startLast(deps, signal)),
    commands.register("backendai.sessions.startFile", (signal, uri) => startFile(deps, uri, signal)),
    commands.register("backendai.sessions.export", async (_, clicked) => {
      const { exportSession } = await import("./exportSession.js");
      await exportSession(deps.store, clicked);
    }),
  ];
}

/** @param given `{ correct }` names what is to be chosen otherwise than last time; anything else asks for all. */
async function startStepByStep(deps: StartCommandDeps, given: unknown, signal: AbortSignal): Promise<void> {
  const client = await connectWithProgress(deps.account, signal);
  const server = serverOf(deps);
  const { askStart, correctionOf } = await import("./startQuestions.js");
  const recent = deps.memory.recentImages(server);
  const before = deps.memory.last(server)?.request;
  const { request } = await askStart(client, { before, recent, correct: correctionOf(given), signal });
  await start(deps, client, request, signal);
}

async function startLast(deps: StartCommandDeps, signal: AbortSignal): Promise<void> {
  const client = await connectWithProgress(deps.account, signal);
  const last = deps.memory.last(serverOf(deps));
  if (last === undefined) {
    await startStepByStep(deps, undefined, signal);
    return;
  }
  const { request, withheld } = last;
  const secrets = withheld.length === 0 ? {} : await askVariables(withheld);
  const environment = { ...request.environment, ...secrets };
  await start(deps, client, unnamed(withheld.length === 0 ? request : { ...request, environment }), signal);
}

/** @param uri The file, as a lens or a menu hands it over; else the one of the workspace. */
async function startFile(deps: StartCommandDeps, uri: unknown, signal: AbortSignal): Promise<void> {
  const { readSessionFile, sessionFilePath } = await import("../../start/sessionFile.js");
  const file =
    uri instanceof vscode.Uri ? uri : (await vscode.workspace.findFiles(sessionFilePath, undefined, 1))[0];
  if (file === undefined) {
    throw new ConfigurationError(
      sessionFilePath,
      l10n.t("This workspace has no {0}: export one from a running session.", sessionFilePath),
    );
  }
  const document = await vscode.workspace.openTextDocument(file); // what the editor holds, saved or not
  const request = readSessionFile(document.getText());
  const client = await connectWithProgress(deps.account, signal);
  await start(deps, client, request, signal);
}

async function start(
  { account, starter, memory }: StartCommandDeps,
  client: BackendAIClient,
  request: StartRequest,
  signal: AbortSignal,
): Promise<void> {
  const images = await client.images.list({ signal });
  const image = images.find(
    ({ reference, aliases }) => reference === request.image || aliases.includes(request.image),
  );
  if (image === undefined) {
    const { state } = account.connection;
    const server = state.phase === "connected" ? targetLabel(state.target) : l10n.t("The server");
    throw new ConfigurationError(
      "image",
      l10n.t("{0} has no image {1}: choose another one.", server, request.image),
    );
  }
  await memory.add(serverOf({ account }), request);
  await startWithProgress(starter, client, image, signal, request);
}

function serverOf({ account }: Pick<StartCommandDeps, "account">): string {
  return serverIdOf(account.defaultTarget());
}
