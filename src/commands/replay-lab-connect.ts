import type { Context } from "../cli/command.ts";
import { CommandError, UsageError } from "../cli/errors.ts";
import type { FlagName } from "../cli/flags.ts";
import type { ConnectOptions } from "../cluster/index.ts";
import type { Writer } from "../model/api.ts";
import { connectOptions } from "./evidence.ts";

/** What --as takes for a position where live workloads are replayed. */
const POSITION = /^(?:user:|group:|(?:sa|serviceaccount)[/:])/i;

/** Flags of what is live, which a lab has nothing of. */
const LIVE = [
  ...(["namespace", "all-namespaces", "selector", "field-selector", "list-secrets", "compare-secrets"] as const),
  ...(["scan-logs", "rules", "fingerprint-key", "verify", "sort-by"] as const),
] satisfies FlagName[];

/** Throws UsageError for a flag that would have no effect: it would look as if it had chosen something. */
export function refuseOthers({ options, words }: Pick<Context, "options" | "words">, more: readonly FlagName[]): void {
  const given = [...LIVE, ...more].find((name) => options[name] !== null && options[name] !== false);
  const verb = words[0] === "cleanup" ? "replay cleanup" : "a lab";
  if (given !== undefined) throw new UsageError(`--${given} has no say in ${verb}`);
}

/** The name of the context, which a lab takes from the command line alone. Throws UsageError where none was given. */
export function givenContext({ options }: Pick<Context, "options">): string {
  if (POSITION.test(options.as ?? ""))
    throw new UsageError("a lab has adversaries of its own, and takes no position", [
      "--as with the name of a user impersonates that user, who then makes the lab.",
    ]);
  if (options.filename !== null) throw new UsageError("a lab is made on a cluster, and takes no -f");
  if (options.context !== null) return options.context;
  throw new UsageError("a lab takes its cluster from --context NAME alone, so that no other one is meant", [
    "The contexts there are: kubectl config get-contexts",
  ]);
}

/**
 * The operator's connection, and the options by which actors are led to the same server, whatever becomes of the kubeconfig. Its
 * requests say of which run they are. It goes on after Ctrl-C, which ends the attacks: what was made is taken down by it.
 */
export async function connectOperator(
  context: Context,
  run: string,
): Promise<{ api: Writer; options: ConnectOptions }> {
  const { connectWriter, resolveTarget } = await import("../cluster/index.ts");
  const options = {
    ...resolveTarget(connectOptions(context)),
    userAgent: `kubectl-cronaudit/${context.io.version} (lab ${run})`,
  };
  let requests = 0;
  const auditId = (): string => `cronaudit-${run}-operator-${String(++requests)}`;
  const api = await connectWriter({ ...options, auditId, signal: new AbortController().signal });
  return { api, options };
}

/** Throws CommandError where tokens would not be sent: actors would act as whoever a proxy takes every request for. */
export function refusePlainHttp({ server }: Pick<Writer, "server">): void {
  if (!server.startsWith("http:")) return;
  throw new CommandError(
    `${server} is plain http, over which no token is sent: a proxy there, such as kubectl proxy, would let each actor act as yourself, so nothing was made`,
    "Choose a context that leads to the API server itself by https.",
  );
}
