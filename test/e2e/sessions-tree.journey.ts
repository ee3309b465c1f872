/**
 * Many sessions of a server: in groups, changed by events, filtered, with their facts, containers and apps; those that ended, those of
 * all users, and what the view says when it has nothing to show.
 */
import assert from "node:assert/strict";
import type { Journey, Workbench } from "../host/index.js";
import { ownKey, row, SessionServer } from "../support/sessionServer.js";

let server: SessionServer | undefined;

export const journey: Journey = {
  async prepare() {
    const started = await SessionServer.start({ role: { global_role: "superadmin", domain_role: "admin" } });
    server = started;
    return {
      env: {
        BACKEND_ENDPOINT: started.url,
        BACKEND_ENDPOINT_TYPE: "api",
        BACKEND_ACCESS_KEY: ownKey,
        BACKEND_SECRET_KEY: "not-a-secret",
      },
      stop: async () => {
        started.stop();
        return Promise.resolve();
      },
    };
  },

  async run(workbench) {
    assert.ok(server);
    const { trees } = workbench;
    await trees.openContainer("Backend.AI");
    await workbench.until("nothing to run", async () =>
      /No session is running/.test(await trees.welcomeText()),
    );
    await workbench.screenshot("sessions-1-none");
    await showsFew(workbench, server);
    await groups(workbench, server);
    await filters(workbench);
    await tellsMore(workbench);
    await showsEnded(workbench);
    await showsAll(workbench, server);
    await holdsMany(workbench, server);
    await losesServer(workbench, server);
  },
};

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const details = {
  occupied_slots: '{"cpu": "4", "mem": "8589934592", "cuda.device": "1"}',
  mounts: ["datasets", "models"],
  scaling_group: "gpu",
  group_name: "vision",
  cluster_mode: "MULTI_NODE",
  idle_checks:
    '{"session_lifetime": {"remaining": 7500, "remaining_time_type": "expire_after"}, "network_timeout": {"remaining": 1500, "remaining_time_type": "expire_after"}}',
  containers: [
    {
      id: "k1",
      status: "RUNNING",
      agent: "i-gpu-01",
      cluster_role: "main",
      cluster_idx: 1,
      cluster_hostname: "main1",
    },
    {
      id: "k2",
      status: "RUNNING",
      agent: "i-gpu-02",
      cluster_role: "sub",
      cluster_idx: 1,
      cluster_hostname: "sub1",
    },
    {
      id: "k3",
      status: "PULLING",
      agent: "i-gpu-03",
      cluster_role: "sub",
      cluster_idx: 2,
      cluster_hostname: "sub2",
    },
  ],
};

/** A plain list, whose rows are as the events say. */
async function showsFew(workbench: Workbench, at: SessionServer): Promise<void> {
  const { trees } = workbench;
  at.rows = [row("s1", { name: "notebook", created_at: minutesAgo(125), tag: "thesis" })];
  at.tell("session_started", { sessionId: "s1", ownerAccessKey: ownKey });
  await trees.waitForItem("notebook python:3.11-local · 2 h 5 min");
  await trees.waitForItem("Files");
  await trees.expand("Apps");
  await trees.waitForItem("JupyterLab");
  await workbench.screenshot("sessions-2-one");
  at.rows = [row("s2", { name: "waits", status: "PENDING", created_at: minutesAgo(1) }), ...at.rows];
  at.tell("session_enqueued", { sessionId: "s2", ownerAccessKey: ownKey });
  await trees.waitForItem("waits pending");
}

/** Groups from the sixth session on; a session goes from one to the other when an event says so. */
async function groups(workbench: Workbench, at: SessionServer): Promise<void> {
  const { trees } = workbench;
  at.rows = [
    row("c1", { name: "cluster", created_at: minutesAgo(3), cluster_size: 3, ...details }),
    ...["a", "b", "c"].map((name) =>
      row(`r-${name}`, { name: `train-${name}`, created_at: minutesAgo(200) }),
    ),
    row("p1", { name: "pulls", status: "PULLING", created_at: minutesAgo(2) }),
    row("e1", {
      name: "broken",
      status: "ERROR",
      status_info: "failed-to-start",
      created_at: minutesAgo(5000),
    }),
    row("n1", { name: "strange", status: "HIBERNATING", created_at: minutesAgo(70) }),
    ...at.rows,
  ];
  for (const { id } of at.rows) {
    at.tell("session_something_new", { sessionId: id, ownerAccessKey: ownKey });
  }
  await trees.waitForItem("Running 5");
  await trees.waitForItem("Other 1");
  assert.ok((await trees.labels()).indexOf("Running 5") < (await trees.labels()).indexOf("Waiting 1"));
  await workbench.screenshot("sessions-3-groups");
  at.set("p1", { status: "RUNNING" });
  at.tell("session_started", { sessionId: "p1", ownerAccessKey: ownKey });
  await trees.waitForItem("Running 6");
  await trees.waitForNoItem("Starting");
  const rows = await trees.labels();
  const above = rows
    .slice(
      0,
      rows.findIndex((text) => text.startsWith("pulls")),
    )
    .findLast((text) => /^[A-Z]/.test(text));
  assert.equal(above, "Running 6", rows.join(", "));
}

/** A filter shows what has all of its words, and says so; one that hides all has a button that ends it. */
async function filters(workbench: Workbench): Promise<void> {
  const { trees, quickInput } = workbench;
  await trees.clickViewAction("Sessions", "Filter Sessions");
  await quickInput.waitFor("Words of name, image, state");
  await quickInput.answer("train-");
  await trees.waitForItem("Running 3");
  await trees.waitForNoItem("cluster");
  await workbench.screenshot("sessions-4-filter");
  await workbench.runCommand("Backend.AI: Filter Sessions…");
  await quickInput.answer("nothing is called that");
  await workbench.until("it to say so", async () => /No session matches/.test(await trees.welcomeText()));
  await workbench.screenshot("sessions-5-filter-hides-all");
  await trees.clickWelcome("Clear Filter");
  await trees.waitForItem("Running 6");
}

/** A tooltip with what the list does not have, and the containers of a cluster. */
async function tellsMore(workbench: Workbench): Promise<void> {
  const { trees, page } = workbench;
  await trees.expand("cluster");
  await page.locator('.monaco-list-row[aria-label*="3 containers of cluster"] .monaco-tl-twistie').click();
  await trees.waitForItem("sub2 pulling · i-gpu-03");
  await trees.item("cluster").hover();
  const hover = page.locator(".workbench-hover");
  await workbench.until("the facts", async () => {
    const text = await hover.allInnerTexts();
    return (
      /4 cores · 8 GB memory · 1 GPU/.test(text.join(" ")) &&
      /Its longest life is over in/.test(text.join(" "))
    );
  });
  await workbench.screenshot("sessions-6-tooltip");
  await trees.collapse("cluster");
}

/** Sessions that ended are asked for when their group is unfolded, and further back on a click. */
async function showsEnded(workbench: Workbench): Promise<void> {
  const { trees } = workbench;
  assert.ok(server);
  server.rows = [
    row("x1", { name: "over-today", status: "TERMINATED", terminated_at: minutesAgo(30) }),
    row("x2", { name: "over-last-week", status: "CANCELLED", terminated_at: minutesAgo(4000) }),
    ...server.rows,
  ];
  assert.equal(server.count("ended"), 0);
  await trees.expand("Ended");
  await trees.waitForItem("over-today");
  await trees.waitForNoItem("over-last-week");
  await trees.click("Show last 7 days");
  await trees.waitForItem("over-last-week");
  await workbench.screenshot("sessions-7-ended");
}

/** Administrators see the sessions of all users when they want, each with its owner. */
async function showsAll(workbench: Workbench, at: SessionServer): Promise<void> {
  const { trees } = workbench;
  const others = { access_key: "AKIAOTHER", user_email: "ada@lab.org" };
  at.rows = [row("o1", { name: "of-ada", created_at: minutesAgo(9), ...others }), ...at.rows];
  await workbench.runCommand("Backend.AI: Show Sessions of All Users");
  await trees.waitForItem("ada@lab.org");
  await trees.waitForItem("Running 7");
  await workbench.screenshot("sessions-8-all-users");
  await workbench.runCommand("Backend.AI: Show My Sessions Only");
  await trees.waitForNoItem("of-ada");
  await trees.waitForItem("Running 6");
}

/** Thousands of sessions: the first pages at once, more on a click, any of them by the filter. */
async function holdsMany(workbench: Workbench, at: SessionServer): Promise<void> {
  const { trees } = workbench;
  const many = Array.from({ length: 3000 }, (_, index) =>
    row(`m${index}`, { name: `mass-${index}`, created_at: minutesAgo(10_000 + index) }),
  );
  at.rows = [...at.rows.filter(({ status }) => status !== "TERMINATED"), ...many];
  await trees.clickViewAction("Sessions", "Refresh Sessions");
  await trees.waitForItem("Running 3,006");
  await workbench.screenshot("sessions-9-thousands");
  await workbench.runCommand("Backend.AI: Filter Sessions…");
  await workbench.quickInput.answer("mass-2999");
  await trees.waitForItem("mass-2999");
  await workbench.runCommand("Backend.AI: Clear Filter of Sessions");
  at.rows = at.rows.filter(({ id }) => !id.startsWith("m"));
  await trees.clickViewAction("Sessions", "Refresh Sessions");
  await trees.waitForItem("Running 6");
}

/** What was known stays on show when the server goes, and the view says so. */
async function losesServer(workbench: Workbench, at: SessionServer): Promise<void> {
  const { trees, page } = workbench;
  at.stop();
  await trees.clickViewAction("Sessions", "Refresh Sessions");
  const message = page.locator(".part.sidebar .message", { hasText: "Not up to date" });
  await message.first().waitFor();
  await trees.waitForItem("notebook");
  await workbench.screenshot("sessions-10-lost");
}
