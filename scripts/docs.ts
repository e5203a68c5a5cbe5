/**
 * Writes what is documented from the code: docs/cli.md, docs/kubectl-cronaudit.1, docs/rbac.yaml, docs/replay-rbac.yaml, the pages
 * about everything that `explain` explains, and the names of these for completion. `--check` only compares.
 */
import { join } from "node:path";
import { finish } from "./generated-files.ts";
import { cliPage } from "./docs/cli-page.ts";
import { rbacManifest, replayRbac } from "./docs/rbac-manifest.ts";
import { manPage } from "./docs/man-page.ts";
import { topicNamesFile } from "./docs/topic-names.ts";
import { topicPages } from "./docs/topic-pages.ts";

const root = join(import.meta.dirname, "..");

/** The documentation files by path. */
export function docFiles(): Map<string, string> {
  return new Map([
    ["docs/cli.md", cliPage()],
    ["docs/kubectl-cronaudit.1", manPage()],
    ["docs/rbac.yaml", rbacManifest()],
    ["docs/replay-rbac.yaml", replayRbac()],
    ["src/explain/names.generated.ts", topicNamesFile()],
    ...topicPages(),
  ]);
}

if (import.meta.main) await finish(docFiles(), root, process.argv.includes("--check"), "npm run generate");
