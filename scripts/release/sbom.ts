import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { complaintOf, ReleaseError } from "./errors.ts";

const run = promisify(execFile);

interface Lock {
  packages: Record<string, { dev?: boolean; link?: boolean }>;
}

interface Bom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { "bom-ref": string } };
  dependencies: { ref: string; dependsOn: string[] }[];
  components: { name: string; version?: string; [field: string]: unknown }[];
}

/**
 * The bill of materials in CycloneDX, by npm's own command over the lock file, with Node added, which no lock file of
 * ours depends on, and with a time and a serial number that follow from the release.
 */
export async function billOfMaterials(root: string, folder: string, version: string, date: Date): Promise<string> {
  // npm names what it describes after the folder.
  const described = join(folder, "kubectl-cronaudit");
  await mkdir(described, { recursive: true });
  const read = async (name: string): Promise<Lock & Record<string, unknown>> =>
    JSON.parse(await readFile(join(root, name), "utf8")) as Lock & Record<string, unknown>;
  const write = (name: string, content: unknown) => writeFile(join(described, name), JSON.stringify(content));
  await write("package.json", { ...(await read("package.json")), version, scripts: {}, devDependencies: {} });
  const lock = await read("package-lock.json");
  // npm's own --omit dev also leaves out what is needed and named as optional by a package of the developer's.
  const kept = Object.entries(lock.packages).filter(([, { dev, link }]) => dev !== true && link !== true);
  const packages = { ...Object.fromEntries(kept), "": { ...lock.packages[""], version, devDependencies: {} } };
  await write("package-lock.json", { ...lock, version, packages });
  const args = [
    "sbom",
    "--sbom-format",
    "cyclonedx",
    "--sbom-type",
    "application",
    "--omit",
    "dev",
    "--package-lock-only",
  ];
  const options = { cwd: described, maxBuffer: 64 * 1024 * 1024, shell: process.platform === "win32" };
  const { stdout } = await run("npm", args, options).catch((error: Error) => {
    throw new ReleaseError(`npm could not list what is inside: ${complaintOf(error)}`);
  });
  const bom = JSON.parse(stdout) as Bom;
  const node = process.versions.node;
  bom.components.push({
    "bom-ref": `node@${node}`,
    type: "platform",
    name: "node",
    version: node,
    scope: "required",
    purl: `pkg:generic/node@${node}`,
    licenses: [{ license: { id: "MIT" } }],
    externalReferences: [{ type: "website", url: "https://nodejs.org/" }],
  });
  const { component } = bom.metadata;
  bom.dependencies.find(({ ref }) => ref === component["bom-ref"])?.dependsOn.push(`node@${node}`);
  bom.dependencies.push({ ref: `node@${node}`, dependsOn: [] });
  bom.metadata.timestamp = date.toISOString();
  delete bom.serialNumber;
  const digest = createHash("sha256").update(JSON.stringify(bom)).digest("hex");
  // A UUID of version 8, whose bits are the maker's own (RFC 9562).
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  bom.serialNumber = `urn:uuid:${parts.join("-")}`;
  return `${JSON.stringify(bom, null, 2)}\n`;
}
