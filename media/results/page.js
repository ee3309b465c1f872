// The page of the results panel: puts in place what the extension renders, and tells it which button was pressed.
"use strict";
(() => {
  const vscode = acquireVsCodeApi();
  const runs = document.getElementById("runs");
  const find = (key) => document.querySelector(`[data-key="${key}"]`);
  /** Whether what comes is scrolled to: until the reader scrolls or presses something. */
  let follows = false;

  const put = ({ key, into, html }) => {
    const shown = find(key);
    if (shown !== null) {
      shown.outerHTML = html;
    } else if (into === undefined) {
      runs.insertAdjacentHTML("afterbegin", html);
      scrollTo(0, 0);
      follows = true;
    } else {
      (find(into) ?? document.getElementById(into))?.insertAdjacentHTML("beforeend", html);
    }
  };

  const toEnd = () => {
    if (follows) {
      runs.firstElementChild?.querySelector(".items")?.lastElementChild?.scrollIntoView({ block: "nearest" });
    }
  };

  addEventListener("message", ({ data }) => {
    if (data?.type !== "patches") {
      return;
    }
    for (const patch of data.patches) {
      if (patch.op === "put") {
        put(patch);
      } else {
        find(patch.key)?.remove();
      }
    }
    toEnd();
    const top = vscode.getState()?.top;
    if (data.isWhole && top !== undefined) {
      follows = false; // it was hidden meanwhile, and is where the reader left it
      scrollTo(0, top);
    }
  });

  document.addEventListener("load", toEnd, true);
  for (const kind of ["wheel", "keydown", "pointerdown"]) {
    addEventListener(kind, () => (follows = false), { passive: true });
  }
  addEventListener("scroll", () => vscode.setState({ top: scrollY }), { passive: true });

  /** Browsers take PNG alone into the clipboard; other pictures are drawn anew. */
  const copy = async (image) => {
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext("2d").drawImage(image, 0, 0);
    const png = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
  };

  const say = (button, words) => {
    const before = button.textContent;
    button.textContent = words;
    setTimeout(() => (button.textContent = before), 2000);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const { key } = event.target.closest("[data-key]")?.dataset ?? {};
    if (button?.dataset.action === "copy") {
      copy(button.closest("figure").querySelector("img")).then(
        () => say(button, runs.dataset.copied),
        () => vscode.postMessage({ type: "copyFailed" }),
      );
    } else if (button !== null) {
      event.preventDefault(); // it may stand in a heading, which folds its run
      vscode.postMessage({ type: button.dataset.action, key });
    } else if (event.target instanceof HTMLImageElement) {
      event.target.parentElement.classList.toggle("own-size");
    }
  });

  document.addEventListener("frame-link", ({ detail }) =>
    vscode.postMessage({ type: "link", address: detail }),
  );
  vscode.postMessage({ type: "ready" });
})();
