import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CommandError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";

const shortest = 16;
const how = "Make one with: openssl rand -hex 32 > FILE";

/**
 * Reads the key of --fingerprint-key. It comes from a file because a key on the command line stands in the process
 * list and in the shell's history, and one in the environment reaches every credential plugin.
 */
export async function readFingerprintKey(path: string, cwd: string): Promise<string> {
  let key: string;
  try {
    key = (await readFile(resolve(cwd, path), "utf8")).trim();
  } catch (error) {
    const reason = systemReason(error) ?? "it is no file that can be read";
    throw new CommandError(`cannot read the fingerprint key from ${path}: ${reason}`, how);
  }
  if (Buffer.byteLength(key) < shortest) {
    // A short key can be guessed, and with the key the values behind the fingerprints.
    throw new CommandError(`the fingerprint key in ${path} has fewer than ${shortest} bytes`, how);
  }
  return key;
}
