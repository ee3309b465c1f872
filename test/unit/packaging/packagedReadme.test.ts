import assert from "node:assert/strict";
import { packagedReadme } from "../../../scripts/packaging/packagedReadme.js";

describe("the README of a package", () => {
  it("has no pictures that the page of an installed extension can't draw", () => {
    const readme = [
      "# Name",
      "",
      "![A run](docs/images/run.png)",
      "",
      '<picture><source srcset="docs/dark.png" media="(x)"><img src="docs/light.png" alt="y"></picture>',
      "",
      "![Badge](https://img.example/a.png) text",
    ].join("\n");
    assert.equal(packagedReadme(readme), "# Name\n\n![Badge](https://img.example/a.png) text");
  });

  it("has links to other sites and to its own headings, and no others", () => {
    assert.equal(
      packagedReadme("[a](docs/a.md) [b](#b) [c](https://c.example) [d](mailto:d@x.y) [`e`](e) [f]: g"),
      "a [b](#b) [c](https://c.example) [d](mailto:d@x.y) `e` [f]: g",
    );
  });
});
