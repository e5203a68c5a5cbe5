import type { Candidate } from "../cli/completion/candidate.ts";
import { optionsOf } from "../cli/completion/line.ts";
import { RESOURCE_TYPES } from "../cli/resources.ts";
import { connect, loadClient } from "../cluster/index.ts";
import { defaultLimits } from "../cluster/options.ts";
import type { Api, Json } from "../model/api.ts";
import { canBeRead } from "./complete-kubeconfig.ts";
import { byName, type EvidenceKind, type Lookup } from "./complete-names.ts";
import { mentioned, nameOf, secretsAs, subjectsOf } from "./complete-objects.ts";
import { connectOptions } from "./evidence.ts";
import { POSITION } from "./replay-question.ts";

/** Objects of one list that are looked at: its first page, and no other. */
const FIRST = 500;

/** Names of one kind in the cluster that the line leads to: one request each time, or two. Throws ApiError. */
export async function clusterNames(
  kind: EvidenceKind,
  { line, io, signal, patienceMs, startWaiting }: Lookup,
): Promise<Candidate[]> {
  const options = optionsOf(line.given);
  // In replay that is whose position is judged, and nobody to impersonate.
  if (line.command.means?.as !== undefined && POSITION.test(options.as ?? "")) {
    options.as = null;
    options["as-group"] = [];
  }
  // Nobody can sign in while a word is being completed, and nobody reads what is said.
  const silent = { write: () => undefined };
  const asked = { ...options, "request-timeout": `${String(patienceMs)}ms`, v: 0 };
  const quiet = { env: io.env, signal, stdin: { isTTY: false }, stderr: silent };
  if (!canBeRead(options.kubeconfig, io.env)) return [];
  await loadClient();
  startWaiting();
  const api = await connect(connectOptions({ options: asked, io: quiet }), { ...defaultLimits, tries: 1, resets: 0 });
  try {
    return await ask(api, kind, options["all-namespaces"] ? null : options.namespace);
  } finally {
    await api.close();
  }
}

async function ask(api: Api, kind: EvidenceKind, namespace: string | null): Promise<Candidate[]> {
  if (kind === "User" || kind === "Group") {
    const bindings = [firstOf(api, RBAC, "clusterrolebindings", null), firstOf(api, RBAC, "rolebindings", namespace)];
    return subjectsOf(await allThatCame(bindings), kind);
  }
  if (kind === "secret") {
    // Listing Secrets is what an intruder does: those that CronJobs and Jobs name have to do.
    const workloads = ["cronjobs", "jobs"].map((resource) => firstOf(api, "batch", resource, namespace));
    return secretsAs(
      (await allThatCame(workloads)).flatMap((one) => mentioned(kind, one)),
      namespace,
    );
  }
  const type = RESOURCE_TYPES.find((one) => one.kind === kind);
  const { group, plural } = type ?? { group: "", plural: `${kind}s` };
  const scope = type === undefined ? null : namespace;
  return byName((await firstOf(api, group, plural, scope, "metadata")).map(nameOf));
}

const RBAC = "rbac.authorization.k8s.io";

async function firstOf(
  api: Api,
  group: string,
  resource: string,
  namespace: string | null,
  as?: "metadata",
): Promise<Json[]> {
  for await (const { items } of api.list(group, "v1", resource, { namespace, first: FIRST, ...(as && { as }) })) {
    return items;
  }
  return [];
}

/** A list that is refused takes nothing from the other. */
async function allThatCame(lists: Promise<Json[]>[]): Promise<Json[]> {
  const settled = await Promise.allSettled(lists);
  return settled.flatMap((list) => (list.status === "fulfilled" ? list.value : []));
}
