import { parseArguments } from "../cli/arguments.ts";
import type { Named } from "../cli/arguments.ts";
import { UsageError } from "../cli/errors.ts";
import type { SubjectRef } from "../model/report.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { resolve } from "./resolve.ts";

/** Reads the values of a flag that names one identity with its groups. Throws UsageError for what cannot be meant. */
export function readIdentity(flag: string, values: readonly string[]): Named[] {
  const named = parseArguments(values);
  const account = named.filter((one) => one.what === "object");
  if (account.some(({ type, name }) => type.kind !== "ServiceAccount" || name === null)) {
    throw new UsageError(`${flag} takes sa/NAME, user:NAME or group:NAME`);
  }
  if (named.filter(({ what }) => what !== "group").length > 1) {
    throw new UsageError(`${flag} takes one user or ServiceAccount; only groups may be added to it`);
  }
  return named;
}

/** The identity in terms of the evidence. Throws CommandError for an account that is not there, UsageError for one that several namespaces have. */
export function identityIn(named: readonly Named[], snapshot: Snapshot, namespace: string | null): SubjectRef[] {
  const { subjects } = resolve(named, snapshot, namespace);
  const accounts = subjects.filter(({ kind }) => kind === "ServiceAccount");
  if (accounts.length > 1) {
    const places = accounts.map((one) => one.namespace ?? "").join(", ");
    throw new UsageError(`serviceaccount/${accounts[0]!.name} is in several namespaces: ${places}`, [
      "Say which with -n.",
    ]);
  }
  return subjects;
}
