import type { Context } from "../cli/command.ts";
import { CommandError, UsageError } from "../cli/errors.ts";
import type { AccessQuestion } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { isObjectName } from "../rbac/subjects.ts";
import { whatIsWhole } from "../scope/seen.ts";

/** Reads the flags that only access has. Throws UsageError for what cannot be meant together. */
export function readAccessQuestion({ options, words }: Context): AccessQuestion {
  const hops = options["max-hops"];
  if (hops !== null && (!Number.isSafeInteger(hops) || hops < 0)) {
    throw new UsageError("--max-hops takes a whole number from 0");
  }
  if (options.direct && hops !== null && hops !== 0) {
    throw new UsageError("--direct follows nobody, and --max-hops says how far to follow: give one of them");
  }
  if (options["all-subjects"] && words.length > 0) {
    throw new UsageError(
      `--all-subjects asks about everybody, but ${words.map((word) => `"${word}"`).join(", ")} was named`,
    );
  }
  if (options.verify && options.filename !== null) {
    throw new UsageError("--verify cannot be used with -f: no cluster is asked");
  }
  return {
    maxHops: options.direct ? 0 : hops,
    secret: options.secret === null ? null : secretOf(options.secret, options.namespace),
    allSubjects: options["all-subjects"],
  };
}

function secretOf(text: string, namespace: string | null): { namespace: string; name: string } {
  const parts = text.split("/");
  if (parts.length === 1 && namespace === null) {
    throw new UsageError(`--secret "${text}" does not say of which namespace`, [
      `Write --secret NAMESPACE/${text}, or add -n NAMESPACE.`,
    ]);
  }
  const [place, name] = parts.length === 1 ? [namespace!, parts[0]!] : [parts[0]!, parts[1]!];
  if (parts.length > 2 || !isObjectName(name) || !isObjectName(place)) {
    throw new UsageError(`--secret takes NAMESPACE/NAME, and "${text}" is none`);
  }
  return { namespace: place, name };
}

/**
 * A Secret of a namespace that does not exist, or one that is missing from a list of all of them, is an error and no
 * all-clear. Throws CommandError.
 */
export function checkSecret(secret: AccessQuestion["secret"], snapshot: Snapshot, { options }: Context): void {
  if (secret === null) return;
  const { namespace, name } = secret;
  const whole = whatIsWhole(snapshot);
  if (whole("namespaces", null) === null && !snapshot.namespaces.some(({ meta }) => meta.name === namespace)) {
    throw new CommandError(
      `Error from server (NotFound): namespaces "${namespace}" not found`,
      "Check the namespace's name.",
    );
  }
  if (!options["list-secrets"] || whole("secrets", namespace) !== null) return;
  if (snapshot.secrets.some(({ meta }) => meta.namespace === namespace && meta.name === name)) return;
  throw new CommandError(
    `Error from server (NotFound): secrets "${name}" not found in namespace "${namespace}"`,
    "Check its name.",
  );
}
