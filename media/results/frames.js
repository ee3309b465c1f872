// In the panel and in exported pages: fits frames to what they hold, lends them the theme, and tells of pictures that are
// none. Frames have no scripts of their own (their sandbox), so what is done in them is done from here.
"use strict";
(() => {
  const tallest = 560;
  const variables = ["--scheme", "--text", "--line", "--hover", "--link", "--font", "--mono"];

  const paint = (frame) => {
    const root = frame.contentDocument?.documentElement;
    const page = getComputedStyle(document.body);
    for (const name of root ? variables : []) {
      root.style.setProperty(name, page.getPropertyValue(name));
    }
  };

  const fit = (frame) => {
    const root = frame.contentDocument?.documentElement;
    if (root) {
      const bar = root.scrollWidth > root.clientWidth ? 16 : 0;
      const height = Math.ceil(root.getBoundingClientRect().height) + bar;
      frame.style.height = `${Math.min(height, tallest)}px`;
    }
  };

  const adopt = (frame) => {
    const inner = frame.contentDocument;
    if (!inner) {
      return;
    }
    paint(frame);
    fit(frame);
    new ResizeObserver(() => fit(frame)).observe(inner.documentElement);
    for (const kind of ["click", "auxclick"]) {
      inner.addEventListener(kind, (event) => follow(event, inner));
    }
  };

  // A frame can't be led elsewhere; whoever shows it may open what was meant.
  const follow = (event, inner) => {
    const link = event.composedPath().find((element) => element.localName === "a");
    const address = link?.getAttribute("href") ?? link?.getAttribute("xlink:href") ?? "";
    if (link === undefined || (address.startsWith("#") && event.type === "click")) {
      return;
    }
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("frame-link", { detail: address }));
  };

  document.addEventListener(
    "load",
    ({ target }) => {
      if (target instanceof HTMLIFrameElement) {
        adopt(target);
      }
    },
    true,
  );

  document.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLImageElement) {
        const note = document.createElement("p");
        note.className = "note";
        note.textContent = target.dataset.damaged;
        target.replaceWith(note);
      }
    },
    true,
  );

  const repaint = () => document.querySelectorAll("iframe").forEach(paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new MutationObserver(repaint).observe(document.documentElement, {
    subtree: false,
    attributes: true,
    attributeFilter: ["style"],
  });
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver(repaint).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  });
})();
