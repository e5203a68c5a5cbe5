/**
 * Makes everything a release publishes, in dist/: `npm run release -- VERSION [--dry-run] [--out FOLDER]`. It uploads
 * nothing. With --dry-run the tree may be dirty, and the version another than package.json's.
 */
import { parseArgs } from "node:util";
import { ReleaseError } from "./release/errors.ts";
import { makeRelease } from "./release/make.ts";

const usage = "npm run release -- VERSION [--dry-run] [--out FOLDER]";

try {
  const { values, positionals } = parseArgs({
    options: { "dry-run": { type: "boolean", default: false }, out: { type: "string", default: "dist" } },
    allowPositionals: true,
  });
  const [version = "", ...more] = positionals;
  if (version === "" || more.length > 0) throw new ReleaseError(`one version is needed: ${usage}`);
  await makeRelease({
    version,
    rehearsal: values["dry-run"],
    out: values.out,
    log: (line) => process.stderr.write(`${line}\n`),
  });
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  if (!(error instanceof ReleaseError) && code?.startsWith("ERR_PARSE_ARGS") !== true) throw error;
  process.stderr.write(`error: ${(error as Error).message.split("\n")[0]!}\n`);
  process.exitCode = 2;
}
