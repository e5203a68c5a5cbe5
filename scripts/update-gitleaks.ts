/**
 * Takes gitleaks' rule file, its licence and their hashes from a release of its Go module: the newest one, or the one that is named.
 * `npm run update-gitleaks`, `npm run update-gitleaks -- v8.30.1`. The go command checks the module against Go's checksum database.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GITLEAKS } from "../src/credentials/gitleaks/pin.ts";
import { LEFT_OUT } from "./gitleaks/judgement.ts";
import { rulesInUse, translate } from "./gitleaks/translate.ts";
import type { Translated } from "./gitleaks/translate.ts";

const folder = join(import.meta.dirname, "../src/credentials/gitleaks");
const SOURCES = { "gitleaks.toml": "config/gitleaks.toml", LICENSE: "LICENSE" };

interface Module {
  Version: string;
  Sum: string;
  Dir: string;
}

/** Asks the go command for the module; outside any module, so that no go.mod decides for it. Throws with what go said. */
function download(release: string): Module {
  const { status, stdout, stderr, error } = spawnSync(
    "go",
    ["mod", "download", "-json", `${GITLEAKS.module}@${release}`],
    {
      cwd: tmpdir(),
      encoding: "utf8",
    },
  );
  if (error !== undefined) throw new Error(`go could not be run: ${error.message}; install Go, or put it on the PATH`);
  if (status !== 0) throw new Error(`go mod download failed for ${GITLEAKS.module}@${release}: ${stderr || stdout}`);
  return JSON.parse(stdout) as Module;
}

/** Text of pin.ts. */
export function pinText(
  module: string,
  { Version, Sum }: Pick<Module, "Version" | "Sum">,
  files: Record<string, string>,
): string {
  const hashes = Object.entries(files).map(
    ([name, hash]) => `    ${/^\w+$/.test(name) ? name : JSON.stringify(name)}: "${hash}",`,
  );
  return [
    "/** The release of gitleaks that vendor/ was taken from. Written by: npm run update-gitleaks */",
    "export const GITLEAKS = {",
    `  module: "${module}",`,
    `  release: "${Version}",`,
    "  /** As in a go.sum. */",
    `  sum: "${Sum}",`,
    "  /** SHA-256 of the files in vendor/. */",
    "  files: {",
    ...hashes,
    "  },",
    "} as const;",
    "",
  ].join("\n");
}

/** What differs between two releases' rules, one line a rule; `left out` where the program does not use it. */
export function changes(before: Translated, after: Translated): string[] {
  const [old, now] = [before, after].map(
    ({ rules }) => new Map(rules.map((rule) => [rule.id, JSON.stringify(rule)])),
  ) as [Map<string, string>, Map<string, string>];
  const note = (id: string): string => (Object.hasOwn(LEFT_OUT, id) ? `${id} (left out: ${LEFT_OUT[id]!})` : id);
  return [
    ...[...now.keys()].filter((id) => !old.has(id)).map((id) => `new:     ${note(id)}`),
    ...[...old.keys()].filter((id) => !now.has(id)).map((id) => `gone:    ${note(id)}`),
    ...[...now].filter(([id, text]) => old.has(id) && old.get(id) !== text).map(([id]) => `changed: ${note(id)}`),
    ...(JSON.stringify(before.allow) === JSON.stringify(after.allow) ? [] : ["changed: the common allowlists"]),
  ];
}

async function update(release: string): Promise<void> {
  const module = download(release);
  const before = translate(await readFile(join(folder, "vendor/gitleaks.toml"), "utf8"));
  const texts = await Promise.all(
    Object.entries(SOURCES).map(async ([name, path]) => [name, await readFile(join(module.Dir, path))] as const),
  );
  const after = translate(texts.find(([name]) => name === "gitleaks.toml")![1].toString("utf8"));
  // Judged before anything is written: a release that this program cannot read leaves the old one in place.
  const { rules } = rulesInUse(after);
  const hashes = Object.fromEntries(
    texts.map(([name, text]) => [name, createHash("sha256").update(text).digest("hex")]),
  );
  for (const [name, text] of texts) await writeFile(join(folder, "vendor", name), text);
  await writeFile(join(folder, "pin.ts"), pinText(GITLEAKS.module, module, hashes));
  const said = changes(before, after);
  const lines = [
    `gitleaks ${GITLEAKS.release} -> ${module.Version}: ${String(after.rules.length)} rules, ${String(rules.length)} in use`,
    ...(said.length > 0 ? said : ["no rule changed"]),
    "Run npm run generate, judge what is new in scripts/gitleaks/judgement.ts, and run the unit tests.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

if (import.meta.main) {
  try {
    await update(process.argv[2] ?? "latest");
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
