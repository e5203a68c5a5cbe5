import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeTarGz, writeZip } from "./archive.ts";
import { bundle } from "./bundle.ts";
import { notesOf } from "./changelog.ts";
import { checkTree, checkVersion } from "./checks.ts";
import { ReleaseError } from "./errors.ts";
import { makeExecutable, prepareInside } from "./executable.ts";
import type { Inside } from "./executable.ts";
import { filledManifest } from "./manifest.ts";
import type { Archive } from "./manifest.ts";
import { nodePackage } from "./node-package.ts";
import { bundledPackages, nodeLicence, thirdPartyNotices } from "./notices.ts";
import { npmPackage } from "./npm-package.ts";
import { billOfMaterials } from "./sbom.ts";
import { archiveName, TARGETS } from "./targets.ts";
import type { Target } from "./targets.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What is asked for. */
export interface Wanted {
  /** Without the leading v. */
  version: string;
  /** True lets the tree be dirty, the tag be missing and the version be another than package.json's. */
  rehearsal: boolean;
  /** The folder that is replaced by the result. */
  out: string;
  log: (line: string) => void;
}

/** Makes the release in a folder beside and puts it in place when it is whole. Throws ReleaseError. */
export async function makeRelease(wanted: Wanted): Promise<void> {
  const { version, rehearsal, log } = wanted;
  await checkVersion(root, version, rehearsal, log);
  if (!rehearsal) await checkTree(root, version);
  const notes = notesOf(await readFile(join(root, "CHANGELOG.md"), "utf8"), version, rehearsal);
  if (notes.date === null)
    log(`rehearsal: CHANGELOG.md has no section for ${version} yet; these notes are what is under Unreleased`);
  const date = dateOf(notes.date, process.env);

  const out = resolve(root, wanted.out);
  // In the parent the result can be renamed into place; there git and prettier ignore only what is in dist.
  const parent = dirname(out) === resolve(root) ? join(root, "node_modules") : dirname(out);
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, ".release-"));
  try {
    await fill({ work, version, date, notes: notes.text, log });
    await rm(out, { recursive: true, force: true });
    await rename(join(work, "out"), out);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  log(`the release is in ${wanted.out}`);
}

/** Every file has the release's day, or the moment that SOURCE_DATE_EPOCH names in seconds. */
function dateOf(day: string | null, env: NodeJS.ProcessEnv): Date {
  const { SOURCE_DATE_EPOCH: epoch } = env;
  if (epoch === undefined) return new Date(day ?? "2026-01-01");
  if (!/^\d{1,11}$/.test(epoch)) throw new ReleaseError(`SOURCE_DATE_EPOCH is no number of seconds: "${epoch}"`);
  return new Date(Number(epoch) * 1000);
}

interface Work {
  work: string;
  version: string;
  date: Date;
  notes: string;
  log: Wanted["log"];
}

async function fill({ work, version, date, notes, log }: Work): Promise<void> {
  const out = join(work, "out");
  const bundled = join(work, "bundle");
  await mkdir(out, { recursive: true });
  const metafile = await bundle(bundled, version);
  const inside = await prepareInside(bundled, join(work, "inside"));
  const node = { version: process.versions.node, license: await nodeLicence(root) };
  const text = await thirdPartyNotices(root, await bundledPackages(root, metafile), node);
  await writeFile(join(work, "THIRD-PARTY-NOTICES"), text);

  // What is quick comes first, so that what cannot be made is known soon.
  const packed = await npmPackage({ root, bundled, notices: text, version }, join(work, "npm"), out);
  await writeFile(join(out, "sbom.cdx.json"), await billOfMaterials(root, join(work, "sbom"), version, date));
  await writeFile(join(out, "RELEASE-NOTES.md"), `${notes}\n`);

  const archives: Archive[] = [];
  const pending = [...TARGETS];
  // Two at a time: each takes one processor and twice the executable's size in memory.
  const worker = async (): Promise<void> => {
    for (let target = pending.shift(); target !== undefined; target = pending.shift()) {
      archives.push({ target, sha256: await makeArchive(target, { work, version, date, inside, log }) });
    }
  };
  // Both end before the work's folder goes, whichever fails.
  for (const ended of await Promise.allSettled([worker(), worker()])) {
    if (ended.status === "rejected") throw ended.reason;
  }

  const manifest = filledManifest(await readFile(join(root, "krew-manifest.yaml"), "utf8"), version, archives);
  for (const name of ["krew-manifest.yaml", "cronaudit.yaml"]) await writeFile(join(out, name), manifest);
  const summed = [...TARGETS.map((target) => archiveName(target, version)), packed, "sbom.cdx.json"].sort();
  const sums: string[] = [];
  for (const name of summed) sums.push(`${await sha256(join(out, name))}  ${name}\n`);
  await writeFile(join(out, "checksums.txt"), sums.join(""));
}

/** What every platform's archive is made of. */
export type Making = Omit<Work, "notes"> & { inside: Inside };

/** Makes one platform's archive in `out` of the work folder, and returns its SHA-256. */
export async function makeArchive(target: Target, { work, version, date, inside, log }: Making): Promise<string> {
  const own = join(work, `${target.os}-${target.arch}`);
  await mkdir(own);
  const node = join(await nodePackage(root, target.nodePackage, log), target.node);
  await makeExecutable(target, node, inside, join(own, target.program));
  const entries = [
    { name: target.program, path: join(own, target.program), executable: true },
    { name: "LICENSE", path: join(root, "LICENSE"), executable: false },
    { name: "THIRD-PARTY-NOTICES", path: join(work, "THIRD-PARTY-NOTICES"), executable: false },
  ];
  const manual = join(root, "docs/kubectl-cronaudit.1");
  if (existsSync(manual)) entries.push({ name: "kubectl-cronaudit.1", path: manual, executable: false });
  const output = join(work, "out", archiveName(target, version));
  await (target.os === "windows" ? writeZip : writeTarGz)(output, entries, date);
  log(`${archiveName(target, version)}: ${String(Math.round((await stat(output)).size / 1024 / 1024))} MB`);
  await rm(own, { recursive: true });
  return await sha256(output);
}

async function sha256(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
