import { execFile } from "node:child_process";
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { archiveErrors, manifestErrors } from "../../scripts/release/krew-rules.ts";
import type { Manifest, Packed } from "../../scripts/release/krew-rules.ts";
import { archiveName, TARGETS } from "../../scripts/release/targets.ts";
import { builtRelease, MAKING, VERSION } from "./built.ts";
import { krewIn, sumOf } from "./krew.ts";

const run = promisify(execFile);
let folder: string;
let release: string;
let manifest: Manifest;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-release-"));
  release = await builtRelease();
  manifest = parse(readFileSync(join(release, "krew-manifest.yaml"), "utf8")) as Manifest;
}, MAKING);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a release is whole", () => {
  const archives = TARGETS.map((target) => archiveName(target, VERSION));
  const others = ["RELEASE-NOTES.md", "checksums.txt", "cronaudit.yaml", "krew-manifest.yaml", "sbom.cdx.json"];
  expect(readdirSync(release)).toEqual([...archives, ...others, `kubectl-cronaudit-${VERSION}.tgz`].sort());
  for (const name of readdirSync(release)) expect(statSync(join(release, name)).size, name).toBeGreaterThan(400);
});

test("sha256sum agrees with every sum", async () => {
  const { stdout } = await run("sha256sum", ["--check", "--strict", "checksums.txt"], { cwd: release });
  expect(
    stdout
      .trim()
      .split("\n")
      .every((line) => line.endsWith(": OK")),
  ).toBe(true);
  expect(stdout.trim().split("\n")).toHaveLength(7);
});

/** What tar says is in an archive: `-rwxr-xr-x 0/0 123 2026-01-01 00:00 name`. */
async function listed(archive: string): Promise<(Packed & { line: string })[]> {
  const { stdout } = await run("tar", ["--utc", "--numeric-owner", "-tvzf", archive]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const type = line.startsWith("-") ? "file" : line.startsWith("d") ? "directory" : "other";
      return { name: line.split(/\s+/).at(-1)!, type, executable: line.startsWith("-rwxr-xr-x"), line };
    });
}

test.each(TARGETS.filter(({ os }) => os !== "windows"))(
  "krew takes what is in the archive for $os/$arch",
  async (target) => {
    const entries = await listed(join(release, archiveName(target, VERSION)));
    const platform = manifest.spec!.platforms!.find(
      ({ selector }) => selector?.matchLabels?.["os"] === target.os && selector.matchLabels["arch"] === target.arch,
    )!;
    expect(archiveErrors(entries, platform)).toEqual([]);
    expect(entries.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["LICENSE", "THIRD-PARTY-NOTICES", target.program]),
    );
    for (const { line } of entries) expect(line).toMatch(/^-rw[x-]r-[x-]r-[x-] 0\/0 +\d+ 2025-11-27 00:00 /);
  },
);

test("the manifest names the archives of this release", () => {
  expect(manifestErrors(manifest, "cronaudit.yaml")).toEqual([]);
  expect(readFileSync(join(release, "cronaudit.yaml"), "utf8")).toBe(
    readFileSync(join(release, "krew-manifest.yaml"), "utf8"),
  );
  expect(manifest.spec!.version).toBe(`v${VERSION}`);
  for (const { uri = "", sha256 } of manifest.spec!.platforms!) {
    expect(sumOf(join(release, basename(uri)))).toBe(sha256);
    expect(uri).toContain(`/releases/download/v${VERSION}/`);
  }
});

test("krew's own validator installs all five", async () => {
  const krew = await krewIn(join(folder, "bin"));
  if (krew === null) return;
  const server = createServer((request, response) => {
    createReadStream(join(release, basename(request.url ?? "")))
      .on("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const local = structuredClone(manifest);
    for (const platform of local.spec!.platforms!)
      platform.uri = `http://127.0.0.1:${String(port)}/${basename(platform.uri!)}`;
    const path = join(folder, "cronaudit.yaml");
    writeFileSync(path, stringify(local));
    expect(await krew.validate(path, { install: true })).toBeNull();
  } finally {
    server.close();
  }
});

test("the npm package runs from its tarball, without dependencies and network", async () => {
  const tarball = join(release, `kubectl-cronaudit-${VERSION}.tgz`);
  const env = {
    ...process.env,
    npm_config_offline: "true",
    npm_config_cache: join(folder, "npm"),
    npm_config_audit: "false",
  };
  const prefix = join(folder, "npx");
  await run("npm", ["install", "--no-save", "--prefix", prefix, tarball], { env, cwd: folder });
  expect(readdirSync(join(prefix, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([
    "kubectl-cronaudit",
  ]);
  const installed = join(prefix, "node_modules/kubectl-cronaudit");
  const { stdout } = await run(
    process.execPath,
    [join(installed, "bin/kubectl-cronaudit.js"), "version", "-o", "json"],
    { cwd: folder },
  );
  expect(JSON.parse(stdout)).toMatchObject({ version: VERSION });
  expect(readdirSync(installed)).toEqual(expect.arrayContaining(["LICENSE", "THIRD-PARTY-NOTICES", "README.md"]));
});
