import assert from "node:assert/strict";
import { caseGroup } from "../conformanceCase.js";

export const accounts = caseGroup("M", "Images and resources", [
  {
    covers: ["images and resources"],
    title: "lists images with the languages that they speak",
    run: async ({ client, target }) => {
      const images = await client.images.list();
      const python = images.find(({ runtimeType }) => runtimeType === "python");
      assert.match(python?.reference ?? "", /^.+\/.+:.+$/);
      assert.ok(Object.keys(python?.labels ?? {}).length > 0);
      assert.ok(images.some(({ reference }) => reference === python?.reference));
      assert.ok((await target.pythonImage()).length > 0);
    },
  },
  {
    covers: ["images and resources"],
    title: "lists presets of resources, and which of them fit",
    run: async ({ client }) => {
      const checked = await client.resources.checkPresets();
      const presets = await client.resources.presets();
      assert.deepEqual(
        presets.map(({ name }) => name),
        checked.presets.map(({ name }) => name),
      );
      for (const preset of checked.presets) {
        assert.equal(typeof preset.allocatable, "boolean");
        assert.ok("cpu" in preset.resource_slots && "mem" in preset.resource_slots);
      }
      assert.ok(checked.keypair_using && checked.keypair_remaining);
    },
  },
  {
    covers: ["images and resources", "get_or_create(scaling_group)"],
    title: "lists resource groups and slots",
    run: async ({ client }) => {
      assert.ok((await client.resources.resourceGroups()).length > 0);
      const slots = await client.resources.slotTypes();
      assert.deepEqual([slots["cpu"], slots["mem"]], ["count", "bytes"]);
    },
  },
  {
    covers: ["images and resources", "get_or_create(group)"],
    title: "lists the caller's groups",
    run: async ({ client, target }) => {
      const groups = await client.groups.list();
      const { group, domain } = target.place;
      assert.ok(groups.some((found) => found.name === group && found.domain === domain));
      assert.ok(groups.every(({ id }) => /^[0-9a-f-]{36}$/.test(id)));
    },
  },
  {
    covers: ["images and resources", "get_or_create(mounts)"],
    title: "lists virtual folders",
    run: async ({ client }) => {
      for (const folder of await client.folders.list()) {
        assert.match(folder.id, /^[0-9a-f]{32}$|^[0-9a-f-]{36}$/);
        assert.ok(folder.name.length > 0);
      }
    },
  },
  {
    covers: ["images and resources", "hello"],
    title: "tells its state, and what its administrators announce",
    run: async ({ client }) => {
      assert.equal((await client.server.managerStatus()).status, "running");
      const announcement = await client.server.announcement();
      assert.ok(announcement === undefined || announcement.length > 0);
    },
  },
]);
