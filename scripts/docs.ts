/**
 * Writes what is documented from the code: docs/cli.md, docs/edges.md, docs/rbac.yaml, docs/replay-rbac.yaml, and the marked parts of README.md.
 * `--check` only compares.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { finish } from "./generated-files.ts";
import { cliPage, flagTable } from "./docs/cli-page.ts";
import { edgesPage } from "./docs/edges-page.ts";
import { rbacManifest } from "./docs/rbac-manifest.ts";
import { replayRbac } from "./docs/replay-rbac.ts";
import { recorded, sessions } from "./docs/sessions.ts";

const root = join(import.meta.dirname, "..");

/** README.md with its flag table and, where the recorded cluster is there, real output between the markers. */
async function readme(): Promise<string> {
  let text = readFileSync(join(root, "README.md"), "utf8");
  text = between(text, "flags", flagTable());
  if (!existsSync(join(root, recorded))) return text;
  for (const [name, output] of await sessions(root)) text = between(text, `output: ${name}`, output);
  return text;
}

function between(text: string, name: string, content: string): string {
  const closing = name.replace(/:.*/, "");
  const pattern = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${closing} -->)`);
  if (!pattern.test(text)) throw new Error(`README.md has no <!-- ${name} --> … <!-- /${closing} -->`);
  return text.replace(pattern, (_, open: string, close: string) => `${open}${content.trimEnd()}\n${close}`);
}

/** The documentation files by path. */
export async function docFiles(): Promise<Map<string, string>> {
  return new Map([
    ["docs/cli.md", cliPage()],
    ["docs/edges.md", edgesPage()],
    ["docs/rbac.yaml", rbacManifest()],
    ["docs/replay-rbac.yaml", replayRbac()],
    ["README.md", await readme()],
  ]);
}

if (import.meta.main) await finish(await docFiles(), root, process.argv.includes("--check"), "npm run generate");
