import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import type { SessionImage } from "../../api/index.js";
import { StartRefusedError } from "../../base/startErrors.js";
import { escapeMarkdown } from "../../base/shownText.js";
import { imageFor, runtimeOf } from "../../sessions/imageChoice.js";
import { shortImage } from "../../sessions/sessionTree.js";
import { slotsInWords } from "../../sessions/start/slots.js";
import type { StartRequest } from "../../sessions/start/startRequest.js";
import { tool, type ToolPlace, ToolRefusal } from "../tool.js";

export const startSessionInput = z.strictObject({
  image: z.optional(z.string().check(z.minLength(1), z.maxLength(300))),
  language: z.optional(z.string().check(z.regex(/^[A-Za-z][\w+#.-]{0,40}$/))),
  name: z.optional(z.string().check(z.regex(/^\w[\w.-]{2,62}\w$/))),
  resources: z.optional(
    z.record(
      z.string().check(z.regex(/^[a-z][\w.-]{0,40}$/)),
      z.union([z.number().check(z.nonnegative()), z.string().check(z.regex(/^\d+(\.\d+)?[kmgtp]?$/i))]),
    ),
  ),
});

type StartSessionInput = z.infer<typeof startSessionInput>;

/** Images that are told where none was found. */
const toldImages = 30;

/** Starts a session and waits until it runs. */
export const startSession = tool<StartSessionInput>({
  name: "backendai_start_session",
  changes: true,
  limitMs: () => 150_000, // starting gives up by itself after 120 s, and says what it waits for
  parse: (input) => z.parse(startSessionInput, input),
  progress: l10n.t("Starting a session of Backend.AI"),
  consent: async (input, place) => {
    place.starts.check(place.limits.maxSessions);
    const { image, request } = await planOf(input, place);
    const server = escapeMarkdown(place.server);
    const lines = [
      l10n.t(
        "The language model wants to start a session of **{0}** on **{1}**.",
        escapeMarkdown(shortImage(image.reference)),
        server,
      ),
      ...(request.name === undefined
        ? []
        : [l10n.t("It is to be called **{0}**.", escapeMarkdown(request.name))]),
      ...(request.resources === undefined
        ? []
        : [l10n.t("It asks for {0}.", escapeMarkdown(slotsInWords(request.resources)))]),
      place.isOnThisComputer
        ? l10n.t("Its programs are processes of this computer, with all your rights.")
        : l10n.t("It takes resources of the server until it is destroyed."),
    ];
    return {
      title: l10n.t("Start a Backend.AI session?"),
      message: lines.join("\n\n"),
      meaning: JSON.stringify([image.reference, request]),
    };
  },
  answer: async (input, place) => {
    const { client, starts, limits, starter, signal } = place;
    const { image, request } = await planOf(input, place);
    const takeBack = starts.take(limits.maxSessions);
    try {
      const session = await starter.start(client, image, {
        signal,
        request,
        onTakenBack: onTakenBack(takeBack),
      });
      return {
        facts: `Session ${session.name} (id ${session.id}) of ${shortImage(image.reference)} runs on ${place.server}. It goes on until somebody destroys it.`,
      };
    } catch (error) {
      if (error instanceof StartRefusedError) {
        takeBack();
      }
      throw error;
    }
  },
});

/** A request that could not be taken back may still become a session. */
function onTakenBack(takeBack: () => void): (name: string, failure: unknown) => void {
  return (_, failure) => {
    if (failure === undefined) {
      takeBack();
    }
  };
}

interface StartPlan {
  readonly image: SessionImage;
  readonly request: Partial<StartRequest>;
}

/** @throws {ToolRefusal} where the server has no such image; it tells which there are. */
async function planOf(
  { image: asked, language, name, resources }: StartSessionInput,
  { client, signal }: ToolPlace,
): Promise<StartPlan> {
  const images = (await client.images.list({ signal })).filter(({ isInstalled }) => isInstalled);
  const image =
    asked === undefined ? imageFor(images, runtimeNamed(images, language)) : imageNamed(images, asked);
  if (image === undefined) {
    const names = images.slice(0, toldImages).map(({ reference }) => shortImage(reference));
    const wanted = asked ?? `an image for ${language ?? "any language"}`;
    throw new ToolRefusal(`This server does not have ${wanted}. It has: ${names.join(", ") || "none"}.`);
  }
  return {
    image,
    request: { ...(name === undefined ? {} : { name }), ...(resources === undefined ? {} : { resources }) },
  };
}

function imageNamed(images: readonly SessionImage[], asked: string): SessionImage | undefined {
  return (
    images.find(({ reference }) => reference === asked) ??
    images.find(({ reference, aliases }) => shortImage(reference) === asked || aliases.includes(asked))
  );
}

/** The runtime that a language is called by the images of a server, such as `nodejs`. */
function runtimeNamed(images: readonly SessionImage[], language: string | undefined): string | undefined {
  const wanted = language?.toLowerCase();
  const alias: Readonly<Record<string, string>> = {
    javascript: "nodejs",
    js: "nodejs",
    node: "nodejs",
    py: "python",
  };
  const runtime = wanted === undefined ? undefined : (alias[wanted] ?? wanted);
  return images.find((image) => runtimeOf(image).toLowerCase() === runtime)?.runtimeType ?? runtime;
}
