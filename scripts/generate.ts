/**
 * Writes every generated file of the repository, or with --check names those that are out of date.
 * `npm run generate` after adding an edge, a class, a flag, a verb or a field of a report.
 */
import { spawnSync } from "node:child_process";

const check = process.argv.includes("--check") ? ["--check"] : [];
const scripts = [
  "scripts/generate-registry.ts",
  "scripts/gitleaks.ts",
  "scripts/schema.ts",
  "scripts/docs.ts",
  "scripts/pictures.ts",
];

let failed = false;
for (const script of scripts) {
  const { status } = spawnSync(process.execPath, [script, ...check], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) failed = true;
}
if (failed && check.length > 0) process.stderr.write("Run npm run generate and look at what it changes.\n");
process.exitCode = failed ? 1 : 0;
