import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { CommandError, UsageError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import type { Key } from "../cleanup/bundle/open-values.ts";
import type { Lock } from "../cleanup/bundle/values.ts";
import { askPassphrase } from "./passphrase.ts";

const SHORTEST = 12;
const TOO_SHORT = `the passphrase has fewer than ${String(SHORTEST)} bytes: it can be guessed, and with it every value`;

/** Who can open the values that a bundle keeps; null without --with-values. Throws UsageError and CommandError. */
export async function lockOf({ options, io }: Context): Promise<Lock | null> {
  const { recipient: recipients, "passphrase-file": file } = options;
  if (!options["with-values"]) {
    if (recipients.length > 0 || file !== null)
      throw new UsageError("--recipient and --passphrase-file go with --with-values");
    return null;
  }
  if (recipients.length > 0 && file !== null) throw new UsageError("give --recipient or --passphrase-file, not both");
  if (recipients.length > 0) return { recipients };
  const passphrase = file === null ? await typed({ options, io }) : await readSecretFile(file, io.cwd);
  if (Buffer.byteLength(passphrase) < SHORTEST)
    throw new CommandError(TOO_SHORT, "Make one with: openssl rand -hex 16 > FILE");
  return { passphrase };
}

/** What opens the values of a bundle; null where nothing was given. */
export async function keyOf({ options, io }: Pick<Context, "options" | "io">): Promise<Key | null> {
  const { identity, "passphrase-file": file } = options;
  if (identity !== null && file !== null) throw new UsageError("give --identity or --passphrase-file, not both");
  if (identity !== null) return { identities: await readSecretFile(identity, io.cwd) };
  if (file !== null) return { passphrase: await readSecretFile(file, io.cwd) };
  return options["with-values"] ? { passphrase: await askPassphrase(io, options["no-input"], false) } : null;
}

async function typed({ options, io }: Pick<Context, "options" | "io">): Promise<string> {
  return askPassphrase(io, options["no-input"], true);
}

async function readSecretFile(path: string, cwd: string): Promise<string> {
  try {
    return (await readFile(resolve(cwd, path), "utf8")).trim();
  } catch (error) {
    const reason = systemReason(error) ?? "it is no file that can be read";
    throw new CommandError(`cannot read ${path}: ${reason}`, "Check its name and its rights.");
  }
}
