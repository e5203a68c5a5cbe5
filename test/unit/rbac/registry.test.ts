import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { differences, exportedName, generate, idsIn, indexOf, REGISTRIES } from "../../../scripts/generate-registry.ts";
import { isRead, type Edge } from "../../../src/rbac/edge.ts";
import { edges as registered } from "../../../src/rbac/edges/index.generated.ts";
import { minorVersion } from "../../../src/rbac/kube-version.ts";

const edges: readonly Edge[] = registered;
const root = join(import.meta.dirname, "../../..");
const scratch = mkdtempSync(join(tmpdir(), "registry-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

test("the generated indexes are current; the complaint is the missing line", () => {
  expect(generate(root, { check: true })).toEqual([]);
});

describe("a registry", () => {
  const [registry] = REGISTRIES;
  const folder = join(scratch, registry!.folder);

  test("that lacks a file's object names the line to add", () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "pods-get.ts"), "export const podsGet: Edge = {};\n");
    expect(generate(scratch, { check: false })).toEqual([]);
    expect(generate(scratch, { check: true })).toEqual([]);

    writeFileSync(join(folder, "pods-list.ts"), "export const podsList: Edge = {};\n");
    const path = `${registry!.folder}/index.generated.ts`;
    expect(generate(scratch, { check: true })).toEqual([
      `${path}: missing line: import { podsList } from "./pods-list.ts";`,
      `${path}: missing line:   podsList,`,
    ]);
    rmSync(join(folder, "pods-get.ts"));
    expect(generate(scratch, { check: true })).toContain(`${path}: surplus line:   podsGet,`);
  });

  test("refuses a file that does not export the object of its name", () => {
    writeFileSync(join(folder, "pods-watch.ts"), "export const watchPods = {};\n");
    expect(() => idsIn(scratch, registry!)).toThrow("pods-watch.ts must contain a line that begins with: export const");
  });

  test("is sorted, and another order is a difference", () => {
    const text = indexOf(registry!, ["a", "b"]);
    expect(differences("x", text, text)).toEqual([]);
    expect(differences("x", text, text.split("\n").reverse().join("\n"))).toEqual([
      "x: its lines are in another order",
    ]);
  });
});

describe("edges", () => {
  test("are sorted by id, and each file is named by its id", () => {
    const ids = edges.map(({ id }) => id);
    expect(ids).toEqual(idsIn(root, REGISTRIES[0]!));
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids.map(exportedName)).size).toBe(ids.length);
  });

  test("of a direct read say its verb, resource and subresource in their id", () => {
    for (const edge of edges.filter(isRead)) {
      const { id, name, needs } = edge;
      const [{ verbs, on, named }] = needs;
      const verb = verbs[0]!;
      const { group, resource, subresource, clusterScoped } = on[0]!;
      expect([verbs.length, on.length]).toEqual([1, 1]);
      // The bare id of a verb that changes things is the edge that gains by the change; of Secrets none has that name.
      const looks = ["get", "list", "watch"].includes(verb) || resource === "secrets";
      const path = [resource, subresource].filter((part) => part !== "");
      expect(id).toBe([...path, verb, ...(looks ? [] : ["read"])].join("-"));
      expect(name).toBe(`${verb} ${path.join("/")}`);
      expect(group).toBe(resource.endsWith("jobs") ? "batch" : "");
      expect(clusterScoped).toBe(resource === "nodes");
      const bySelector = ["list", "watch"].includes(verb);
      expect(named).toBe(bySelector ? "by-field-selector" : verb === "deletecollection" ? "never" : "always");
    }
  });

  test("say in a sentence what they give and where that is from, and none is both shown and excused", () => {
    for (const { id, grants, source, notDemonstrated, since, until } of edges) {
      expect(grants.length, id).toBeGreaterThan(15);
      expect(source.length, id).toBeGreaterThan(10);
      expect(notDemonstrated, id).not.toBe("");
      for (const version of [since, until]) if (version !== null) expect(minorVersion(version), id).not.toBeNull();
    }
  });
});
