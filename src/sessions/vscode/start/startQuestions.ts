import { randomBytes } from "node:crypto";
import type { BackendAIClient, CheckedPresets, SessionImage } from "../../../api/index.js";
import { ApiError } from "../../../api/errors.js";
import { ConfigurationError } from "../../../base/errors.js";
import { askSteps } from "../../../platform/steps.js";
import { imageFor, runtimeOf, sessionNameFor } from "../../imageChoice.js";
import type { StartRequest } from "../../start/startRequest.js";
import { imageItems } from "../imagePick.js";
import { askOptions } from "./optionQuestion.js";
import { askResources } from "./resourceQuestion.js";

/** What a person chose. */
export interface ChosenStart {
  readonly image: SessionImage;
  readonly request: StartRequest;
}

/**
 * Asks for image, resources, name and options of a new session.
 * @param before What was started last on this server.
 * @param recent References of images used lately.
 */
export async function askStart(
  client: BackendAIClient,
  before: StartRequest | undefined,
  recent: readonly string[],
  signal: AbortSignal,
): Promise<ChosenStart> {
  const [images, checked] = await Promise.all([client.images.list({ signal }), presetsOf(client, signal)]);
  const first = imageFor(images, undefined) ?? images[0];
  if (first === undefined) {
    throw new ConfigurationError(
      "images",
      "This server offers no images. Ask its administrator to install one.",
    );
  }
  let image = first;
  let request: StartRequest = { image: image.reference };
  await askSteps("Start a Session", [
    async (ask) => {
      const items = imageItems(images, recent);
      const active = items.find((item) => item.image?.reference === (recent[0] ?? request.image));
      const placeHolder = "Image of the new session";
      image = (await ask.pick({ placeHolder, items, active })).image ?? image;
      const name = sessionNameFor(runtimeOf(image), randomBytes(2).toString("hex"));
      request = { image: image.reference, name };
    },
    async (ask) => {
      if (checked !== undefined) {
        const known = before?.image === image.reference ? before : {};
        request = { ...request, ...(await askResources(ask, image, checked, known)) };
      }
    },
    async (ask) => {
      request = await askOptions(ask, client, request, signal);
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
