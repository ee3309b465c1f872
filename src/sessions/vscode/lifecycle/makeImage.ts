import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ApiError } from "../../../api/errors.js";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { isAbort } from "../../../base/abort.js";
import { BackendAIError, UnsupportedError } from "../../../base/errors.js";
import { withProgress } from "../../../platform/progress.js";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import { requirementOf } from "../../../wire/features.js";
import { followTask, TaskFailedError } from "../../lifecycle/followTask.js";
import { imageNameFor, problemOfImageName } from "../../lifecycle/imageName.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";

/** No image was made of a session; the message says why. */
class ImageError extends BackendAIError {
  readonly code = "IMAGE";
}

/**
 * Makes an image of a session's container in the server's registry, under a name that the person gives, and follows it to its end.
 * @throws {UnsupportedError} on servers before 24.03.
 */
export async function makeImage(
  { account }: LifecycleDeps,
  session: SessionSummary,
  signal: AbortSignal,
): Promise<void> {
  const client = await account.client(signal);
  const { can, manager } = client.dialect;
  if (!can.imagify) {
    throw new UnsupportedError(
      "Making an image of a session", // for programs
      requirementOf("imagify"),
      `manager ${manager}`,
    );
  }
  const name = await showInputBox({
    title: l10n.t("Make an Image of {0}", session.name),
    prompt: l10n.t("Its name. What is in virtual folders does not become part of it."),
    value: imageNameFor(session.name),
    validateInput: problemOfImageName,
  });
  if (name === undefined) {
    return;
  }
  await follow(client, l10n.t("Making the image {0}", name), signal, async () => {
    try {
      return await client.sessions.imagify(session.id, name, { signal });
    } catch (error) {
      throw explained(error);
    }
  });
  const done = l10n.t(
    "The image {0} of {1} is made. Start a session of it: it is listed with the images.",
    name,
    session.name,
  );
  const start = l10n.t("Start Session");
  if ((await showInformationMessage(done, start)) === start) {
    await vscode.commands.executeCommand("backendai.sessions.start");
  }
}

/**
 * Saves a session's container as a file on the server's storage, and follows it to its end.
 * @throws {UnsupportedError} on servers before 22.09.
 */
export async function commitSession(
  { account }: LifecycleDeps,
  session: SessionSummary,
  signal: AbortSignal,
): Promise<void> {
  const client = await account.client(signal);
  const { can, manager } = client.dialect;
  if (!can.commit) {
    throw new UnsupportedError("Saving a session's container", requirementOf("commit"), `manager ${manager}`);
  }
  let path: string | undefined;
  await follow(client, l10n.t("Saving the container of {0}", session.name), signal, async () => {
    if ((await client.sessions.commitStatus(session.id, { signal })) === "ongoing") {
      throw new ImageError(l10n.t("The container of {0} is being saved already.", session.name));
    }
    const begun = await client.sessions.commit(session.id, {}, { signal });
    path = begun.path;
    return begun.taskId;
  });
  void showInformationMessage(
    path === undefined
      ? l10n.t(
          "The container of {0} is saved on the server. Its administrators can make an image of the file.",
          session.name,
        )
      : l10n.t(
          "The container of {0} is saved on the server as {1}. Its administrators can make an image of the file.",
          session.name,
          path,
        ),
  );
}

/** Begins a task and follows it. Cancel leaves it to the server, which can't be asked to stop it. */
async function follow(
  client: BackendAIClient,
  title: string,
  signal: AbortSignal,
  begin: () => Promise<string>,
): Promise<void> {
  try {
    await withProgress(
      title,
      async (following, report) => {
        const taskId = await begin();
        report(l10n.t("begun"));
        await followTask(client, taskId, {
          signal: following,
          onProgress: (message, done) =>
            report(
              [message, done === undefined ? "" : `${Math.round(done * 100)} %`].filter(Boolean).join(", "),
            ),
        });
      },
      signal,
    );
  } catch (error) {
    if (isAbort(error) && !signal.aborted) {
      void showInformationMessage(l10n.t("{0}: the server goes on by itself, unwatched.", title));
    }
    throw error instanceof TaskFailedError
      ? new ImageError(l10n.t("{0} failed: {1}", title, error.message))
      : error;
  }
}

/** Servers without a registry for a group refuse at once: with 400, and where there is no such call at all with 501 or 503. */
function explained(error: unknown): unknown {
  if (!(error instanceof ApiError)) {
    return error;
  }
  const words = error.serverMessage ?? "";
  return error.slug === "not-implemented" || /registry/i.test(words)
    ? new ImageError(
        l10n.t(
          "This server has no registry that images of your group (project) could go to. An administrator can set one up.",
        ),
        { cause: error },
      )
    : error;
}
