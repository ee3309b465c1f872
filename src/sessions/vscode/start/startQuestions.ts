import { randomBytes } from "node:crypto";
import * as l10n from "@vscode/l10n";
import type { BackendAIClient, CheckedPresets, SessionImage } from "../../../api/index.js";
import { ApiError } from "../../../api/errors.js";
import { ConfigurationError } from "../../../base/errors.js";
import { askSteps } from "../../../platform/steps.js";
import { imageFor, runtimeOf, sessionNameFor } from "../../imageChoice.js";
import type { StartRequest } from "../../start/startRequest.js";
import { imageItems } from "../imagePick.js";
import { askOptions, correctableOptions, type CorrectableOption } from "./optionQuestion.js";
import { askResources } from "./resourceQuestion.js";

/** What a person chose. */
export interface ChosenStart {
  readonly image: SessionImage;
  readonly request: StartRequest;
}

/** What is to be chosen otherwise than before; everything else stays. */
export type Correction = "image" | "resources" | CorrectableOption;

/** How to ask. */
export interface AskStartOptions {
  /** What was started, or tried, last on this server. */
  readonly before: StartRequest | undefined;
  /** References of images used lately. */
  readonly recent: readonly string[];
  /** Begins with what was asked for before, and with this question. */
  readonly correct?: Correction | undefined;
  readonly signal: AbortSignal;
}

/** The correction that a command was called with. */
export function correctionOf(given: unknown): Correction | undefined {
  const wanted =
    typeof given === "object" && given !== null && "correct" in given ? given.correct : undefined;
  return corrections.find((correction) => correction === wanted);
}

const corrections: readonly Correction[] = ["image", "resources", ...correctableOptions];

/** Asks for image, resources, name and options of a new session. */
export async function askStart(
  client: BackendAIClient,
  { before, recent, correct, signal }: AskStartOptions,
): Promise<ChosenStart> {
  const [images, checked] = await Promise.all([client.images.list({ signal }), presetsOf(client, signal)]);
  const first = imageFor(images, undefined) ?? images[0];
  if (first === undefined) {
    throw new ConfigurationError(
      "images",
      l10n.t("This server offers no images. Ask its administrator to install one."),
    );
  }
  const known = correct && before && images.find(({ reference }) => reference === before.image);
  const mended = known === undefined && correct !== "image" ? undefined : correct;
  let image = known ?? first;
  let request: StartRequest =
    mended === undefined || before === undefined ? { image: image.reference } : { ...before };
  await askSteps(l10n.t("Start a Session"), [
    async (ask) => {
      if (mended !== undefined && mended !== "image") {
        return; // it stays
      }
      const items = imageItems(images, recent);
      const active = items.find((item) => item.image?.reference === (recent[0] ?? request.image));
      const placeHolder = l10n.t("Image of the new session");
      image = (await ask.pick({ placeHolder, items, active })).image ?? image;
      const name = sessionNameFor(runtimeOf(image), randomBytes(2).toString("hex"));
      request = { ...(mended === undefined ? {} : request), image: image.reference, name };
    },
    async (ask) => {
      if (checked !== undefined && (mended === undefined || mended === "resources")) {
        const used = before?.image === image.reference ? before : {};
        request = { ...withoutResources(request), ...(await askResources(ask, image, checked, used)) };
      }
    },
    async (ask) => {
      const option = correctableOptions.find((name) => name === mended);
      request = await askOptions(ask, client, request, { first: option, signal });
    },
  ]);
  return { image, request };
}

/** Presets and what is left; `undefined` where the server has none to tell of, which is no reason not to start. */
async function presetsOf(client: BackendAIClient, signal: AbortSignal): Promise<CheckedPresets | undefined> {
  try {
    return await client.resources.checkPresets({}, { signal });
  } catch (error) {
    if (error instanceof ApiError) {
      return undefined;
    }
    throw error;
  }
}

function withoutResources(request: StartRequest): StartRequest {
  const kept = Object.entries(request).filter(([key]) => key !== "resources" && key !== "sharedMemory");
  return { image: request.image, ...Object.fromEntries(kept) };
}
