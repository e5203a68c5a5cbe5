import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Metafile } from "esbuild";
import { Validation, type Spec } from "@cyclonedx/cyclonedx-library";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../../scripts/release/bundle.ts";
import { prepareInside } from "../../scripts/release/executable.ts";
import { makeArchive } from "../../scripts/release/make.ts";
import { bundledPackages, nodeLicence, thirdPartyNotices } from "../../scripts/release/notices.ts";
import { billOfMaterials } from "../../scripts/release/sbom.ts";
import { archiveName, TARGETS } from "../../scripts/release/targets.ts";
import { builtRelease, MAKING, unpacked, VERSION } from "./built.ts";
import { sumOf } from "./krew.ts";

let folder: string;
let release: string;
let metafile: Metafile;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-contents-"));
  release = await builtRelease();
  metafile = await bundle(join(folder, "bundle"));
}, MAKING);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const date = new Date(1764201600 * 1000);

/** What stands in the bundle by the paths that esbuild read, without asking any package.json. */
function packagesByPath(): Set<string> {
  const paths = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules/"));
  const name = (path: string): string => {
    const [first = "", second = ""] = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length).split("/");
    return first.startsWith("@") ? `${first}/${second}` : first;
  };
  return new Set(paths.map(name));
}

test("the bundle needs nothing beside it but Node", () => {
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const names = new Set(outside.map(({ path }) => path.replace(/^node:/, "")));
  // They ask for it within try, and do without.
  const optional = new Set(["supports-color", "bufferutil", "utf-8-validate"]);
  expect(
    [...names].filter(
      (name) => !builtinModules.includes(name) && !optional.has(name) && !["sea", "sqlite"].includes(name),
    ),
  ).toEqual([]);
});

test("what every start loads holds no package", () => {
  const start = Object.keys(metafile.outputs).find((path) => path.endsWith("main.mjs"))!;
  const reached = new Set([start]);
  for (const path of reached) {
    for (const { path: next, kind, external } of metafile.outputs[path]!.imports) {
      if (kind === "import-statement" && external !== true) reached.add(next);
    }
  }
  const inputs = [...reached].flatMap((path) => Object.keys(metafile.outputs[path]!.inputs));
  expect(inputs.filter((path) => path.includes("node_modules/"))).toEqual([]);
});

test("the notices name every package that is inside, with the text of its licence", async () => {
  await unpacked(join(folder, "unpacked"));
  const notices = readFileSync(join(folder, "unpacked/THIRD-PARTY-NOTICES"), "utf8");
  const packages = packagesByPath();
  expect(packages.size).toBeGreaterThan(30);
  const parts = new Map(
    notices
      .split(/^={80}\n(.*)\n={80}\n/m)
      .slice(1)
      .map((part, index, all) => [part, all[index + 1] ?? ""] as const)
      .filter((_, index) => index % 2 === 0),
  );
  for (const name of packages) {
    const title = [...parts.keys()].find((one) => one.startsWith(`${name} `));
    expect(title, name).toBeDefined();
    expect(parts.get(title!), name).toMatch(/permission|copyright|licen[cs]e/i);
  }
  expect(notices).toContain("Zachary Rice");
  expect(notices).toContain("Node.js is licensed for use as follows");
});

test("a package without a licence text stops the release", async () => {
  const bare = { name: "bare", version: "1.0.0", license: "MIT", folder };
  const node = { version: "26.0.0", license: await nodeLicence(resolve(".")) };
  await expect(thirdPartyNotices(resolve("."), [bare], node)).rejects.toThrow("bare has no licence text");
});

interface Bom {
  bomFormat: string;
  specVersion: string;
  serialNumber: string;
  metadata: { timestamp: string; component: { name: string; version: string; "bom-ref": string } };
  components: { "bom-ref": string; name: string; group?: string; version: string; purl: string; scope?: string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

test("the bill of materials has every package that is inside, by its version, and Node", async () => {
  const bom = JSON.parse(readFileSync(join(release, "sbom.cdx.json"), "utf8")) as Bom;
  expect(bom).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { name: "kubectl-cronaudit", version: VERSION } },
  });
  expect(bom.specVersion).toMatch(/^1\.[5-9]$/);
  // CycloneDX asks for a UUID by this form, and for references that lead somewhere.
  expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  const refs = bom.components.map((component) => component["bom-ref"]);
  expect(new Set(refs).size).toBe(refs.length);
  const known = new Set([...refs, bom.metadata.component["bom-ref"]]);
  for (const { ref, dependsOn } of bom.dependencies)
    for (const one of [ref, ...dependsOn]) expect(known).toContain(one);

  const purls = new Set(bom.components.map(({ purl }) => decodeURIComponent(purl)));
  expect(purls).toContain(`pkg:generic/node@${process.versions.node}`);
  for (const { name, version } of await bundledPackages(resolve("."), metafile)) {
    expect(purls).toContain(`pkg:npm/${name}@${version}`);
  }
  expect(bom.components.filter(({ name }) => ["vitest", "esbuild", "typescript"].includes(name))).toEqual([]);
});

test("the bill of materials is what CycloneDX's schema and its lists of licences and media types allow", async () => {
  const text = await readFile(join(release, "sbom.cdx.json"), "utf8");
  const { specVersion } = JSON.parse(text) as { specVersion: Spec.Version };
  const validator = new Validation.JsonStrictValidator(specVersion);
  expect(await validator.validate(text)).toBeNull();
  expect(await validator.validate(text.replace(`"type": "platform"`, `"type": "engine"`))).not.toBeNull();
});

test("the bill of materials is the same a second time", async () => {
  const again = await billOfMaterials(resolve("."), join(folder, "sbom"), VERSION, date);
  expect(again).toBe(await readFile(join(release, "sbom.cdx.json"), "utf8"));
});

test("archives are the same a second time, in another time zone and folder", async () => {
  const { TZ } = process.env;
  process.env["TZ"] = "Pacific/Kiritimati";
  try {
    const work = join(folder, "again");
    await mkdir(join(work, "out"), { recursive: true });
    const bundled = join(work, "bundle");
    const packages = await bundledPackages(resolve("."), await bundle(bundled, VERSION));
    const node = { version: process.versions.node, license: await nodeLicence(resolve(".")) };
    const notices = await thirdPartyNotices(resolve("."), packages, node);
    expect(notices).toBe(await readFile(join(folder, "unpacked/THIRD-PARTY-NOTICES"), "utf8"));
    await copyFile(join(folder, "unpacked/THIRD-PARTY-NOTICES"), join(work, "THIRD-PARTY-NOTICES"));
    const inside = await prepareInside(bundled, join(work, "inside"));
    // One of each way to make one: ELF, Mach-O with its signature, and PE in a zip.
    const ways = TARGETS.filter(
      ({ os, arch }) =>
        os === "windows" || (arch === "amd64" && os === "linux") || (arch === "arm64" && os === "darwin"),
    );
    for (const target of ways) {
      await makeArchive(target, { work, version: VERSION, date, inside, log: () => undefined });
      const name = archiveName(target, VERSION);
      expect(sumOf(join(work, "out", name)), name).toBe(sumOf(join(release, name)));
    }
  } finally {
    if (TZ === undefined) delete process.env["TZ"];
    else process.env["TZ"] = TZ;
  }
});
