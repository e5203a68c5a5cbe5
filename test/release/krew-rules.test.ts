import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import type { Header as WholeHeader } from "tar-stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { archiveErrors, manifestErrors } from "../../scripts/release/krew-rules.ts";
import type { Manifest, Platform } from "../../scripts/release/krew-rules.ts";
import { krewIn, sumOf } from "./krew.ts";
import type { Krew } from "./krew.ts";

type Header = Pick<WholeHeader, "name"> & Partial<WholeHeader>;

let folder: string;
let krew: Krew | null;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-krew-"));
  krew = await krewIn(join(folder, "bin"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const good = parse(readFileSync("krew-manifest.yaml", "utf8")) as Required<Manifest>;
type Spec = NonNullable<Manifest["spec"]>;
const withSpec = (change: Partial<Spec>): Manifest => ({ ...good, spec: { ...good.spec, ...change } });
const withPlatform = (change: Partial<Platform>): Manifest =>
  withSpec({ platforms: good.spec.platforms!.map((one, index) => (index === 0 ? { ...one, ...change } : one)) });
const named = (name: string): Manifest => ({ ...good, metadata: { name } });

interface Case {
  manifest: Manifest;
  /** Ours; none where the manifest is good. */
  error?: string;
  fileName?: string;
  /** Only those who review the index, or the installation, mind. */
  notTheValidator?: true;
}

const cases: Record<string, Case> = {
  "the template itself": { manifest: good },
  "another apiVersion": {
    manifest: { ...good, apiVersion: "krew.googlecontainertools.github.com/v1alpha1" },
    error: "apiVersion",
  },
  "another kind": { manifest: { ...good, kind: "Plugins" }, error: "kind" },
  "a name with a dot": { manifest: named("cron.audit"), fileName: "cron.audit.yaml", error: "other characters" },
  "a device's name": { manifest: named("nul"), fileName: "nul.yaml", error: "device" },
  "another file name": { manifest: good, fileName: "krew-manifest.yaml", error: "file's name" },
  "no version": { manifest: withSpec({ version: "" }), error: "version" },
  "a version without v": { manifest: withSpec({ version: "0.1.0" }), error: "version" },
  "a version of two parts": { manifest: withSpec({ version: "v0.1" }), error: "version" },
  "a pre-release": { manifest: withSpec({ version: "v1.0.0-rc.1" }) },
  "no short description": { manifest: withSpec({ shortDescription: "" }), error: "no short description" },
  "a short description of two lines": { manifest: withSpec({ shortDescription: "a\nb" }), error: "more than one line" },
  "a long short description": {
    manifest: withSpec({ shortDescription: "a".repeat(51) }),
    error: "50 characters",
    notTheValidator: true,
  },
  "no description": { manifest: withSpec({ description: "" }), error: "no description", notTheValidator: true },
  "no homepage": { manifest: withSpec({ homepage: "" }), error: "no homepage", notTheValidator: true },
  "no platform": { manifest: withSpec({ platforms: [] }), error: "no platform" },
  "no uri": { manifest: withPlatform({ uri: "" }), error: "no uri" },
  "no sum": { manifest: withPlatform({ sha256: "" }), error: "sha256" },
  "a sum in upper case": { manifest: withPlatform({ sha256: "A".repeat(64) }), error: "sha256" },
  "a short sum": { manifest: withPlatform({ sha256: "a".repeat(63) }), error: "sha256" },
  "no bin": { manifest: withPlatform({ bin: "" }), error: "no bin" },
  "an empty selector": { manifest: withPlatform({ selector: {} }), error: "selector is empty" },
  "another key in the selector": {
    manifest: withPlatform({ selector: { matchLabels: { os: "linux", libc: "musl" } } }),
    error: "another key",
  },
  "the same selector twice": {
    manifest: withPlatform({ selector: good.spec.platforms![1]!.selector! }),
    error: "one selector",
  },
  "files without an entry": { manifest: withPlatform({ files: [] }), error: "files is empty" },
  "an operation without to": { manifest: withPlatform({ files: [{ from: "LICENSE" }] }), error: "lacks from or to" },
  "a `to` that is no clean path": {
    manifest: withPlatform({ files: [{ from: "LICENSE", to: "./LICENSE" }] }),
    error: "clean path",
    notTheValidator: true,
  },
};

test.each(Object.entries(cases))("a manifest with %s is judged as krew judges it", async (_, one) => {
  const { manifest, error, fileName = "cronaudit.yaml", notTheValidator = false } = one;
  const found = manifestErrors(manifest, fileName);
  if (error === undefined) expect(found).toEqual([]);
  else expect(found.join("; ")).toContain(error);
  if (krew === null) return;
  const path = join(folder, fileName);
  writeFileSync(path, stringify(manifest));
  const verdict = await krew.validate(path);
  expect(verdict === null, verdict ?? "").toBe(error === undefined || notTheValidator);
});

const program: Header = { name: "kubectl-cronaudit", mode: 0o755 };
const licence: Header = { name: "LICENSE", mode: 0o644 };
const three: Platform["files"] = [
  { from: "kubectl-cronaudit", to: "." },
  { from: "LICENSE", to: "." },
];

interface Packing {
  entries: Header[];
  error?: string;
  files?: NonNullable<Platform["files"]>;
  /** krew installs it and the plugin does not start, or its validator alone minds. */
  notTheInstaller?: true;
}

const packings: Record<string, Packing> = {
  "a program and a licence": { entries: [program, licence] },
  "a folder as well": { entries: [{ name: "docs/", type: "directory", mode: 0o755 }, program, licence] },
  "a name that leads out": { entries: [program, licence, { name: "../evil" }], error: "contains .." },
  "two dots within a name": { entries: [program, licence, { name: "a..b" }], error: "contains .." },
  "an absolute name": { entries: [program, licence, { name: "/evil" }], error: "separator" },
  "a symbolic link": {
    entries: [program, licence, { name: "link", type: "symlink", linkname: "LICENSE" }],
    error: "neither file nor directory",
  },
  "a hard link": {
    entries: [program, licence, { name: "link", type: "link", linkname: "LICENSE" }],
    error: "neither file nor directory",
  },
  "no program": { entries: [licence], error: "bin is not installed" },
  "no file that is to be installed": { entries: [program], error: "in no entry" },
  "an operation that leaves the program out": {
    entries: [program, licence],
    files: [{ from: "LICENSE", to: "." }],
    error: "bin is not installed",
  },
  "a program that cannot be run": {
    entries: [{ ...program, mode: 0o644 }, licence],
    error: "cannot be run",
    notTheInstaller: true,
  },
  "no licence": { entries: [program], files: [{ from: "*", to: "." }], error: "no licence", notTheInstaller: true },
};

test.each(Object.entries(packings))("an archive with %s is judged as krew judges it", async (_, one) => {
  const { entries, error, files = three, notTheInstaller = false } = one;
  const platform: Platform = { ...good.spec.platforms![0]!, files };
  const listed = entries.map(({ name, type = "file", mode = 0o644 }) => ({
    name,
    type: type ?? "file",
    executable: (mode & 0o111) > 0,
  }));
  const found = archiveErrors(listed, platform);
  if (error === undefined) expect(found).toEqual([]);
  else expect(found.join("; ")).toContain(error);
  if (krew === null) return;
  const own = mkdtempSync(join(folder, "archive-"));
  const archive = join(own, "archive.tar.gz");
  const tar = pack();
  for (const entry of entries) tar.entry(entry, entry.type === undefined || entry.type === "file" ? "#!/bin/sh\n" : "");
  tar.finalize();
  await pipeline(tar, createGzip(), createWriteStream(archive));
  const manifest = withSpec({ platforms: [{ ...platform, sha256: sumOf(archive) }] });
  const path = join(own, "cronaudit.yaml");
  writeFileSync(path, stringify(manifest));
  const verdict = await krew.install(path, archive, { root: join(own, "root"), os: "linux", arch: "amd64" });
  expect(verdict === null, verdict ?? "").toBe(error === undefined || notTheInstaller);
});

test("krew refuses an archive that is not the one of the manifest", async () => {
  if (krew === null) return;
  const archive = join(folder, "other.tar.gz");
  writeFileSync(archive, "other");
  const path = join(folder, "cronaudit.yaml");
  writeFileSync(path, stringify(good));
  const verdict = await krew.install(path, archive, { root: join(folder, "root"), os: "linux", arch: "amd64" });
  expect(verdict).toContain("checksum");
});
