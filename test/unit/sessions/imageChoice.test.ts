import assert from "node:assert/strict";
import type { SessionImage } from "../../../src/api/index.js";
import { imageFor, sessionNameFor } from "../../../src/sessions/imageChoice.js";
import { limits } from "../../../src/wire/limits.js";

function image(reference: string, runtimeType: string | undefined, isInstalled = true): SessionImage {
  return { reference, runtimeType, isInstalled } as SessionImage;
}

describe("imageFor", () => {
  const images = [
    image("r/app:1", "app"),
    image("r/python:3.9", "python"),
    image("r/python:3.11", "python"),
    image("r/python:3.13", "python", false),
    image("r/gcc:12", "c"),
  ];

  it("takes the newest installed one for the runtime", () => {
    assert.equal(imageFor(images, "python")?.reference, "r/python:3.11");
    assert.equal(imageFor(images, "c")?.reference, "r/gcc:12");
  });

  it("takes Python's where any will do, and another where there is no Python", () => {
    assert.equal(imageFor(images, undefined)?.reference, "r/python:3.11");
    assert.equal(imageFor([image("r/app:1", "app")], undefined)?.reference, "r/app:1");
  });

  it("has none where none is installed", () => {
    assert.equal(imageFor(images, "rust"), undefined);
  });
});

describe("sessionNameFor", () => {
  it("makes names that every server accepts", () => {
    for (const runtime of ["python", "c", "", "r_server_ms", "x".repeat(80), "c++"]) {
      assert.match(sessionNameFor(runtime, "3fa8"), limits.sessionName);
    }
  });
});
