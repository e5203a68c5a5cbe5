import { createInterface } from "node:readline/promises";
import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted, UsageError } from "../cli/errors.ts";
import type { LabPlan } from "../model/lab.ts";
import { count, safe } from "../output/text.ts";
import { LAB_KINDS } from "../scenarios/lab/kinds.ts";
import { isThisCluster, type ClusterFacts } from "../scenarios/lab/guard.ts";
import { personLines } from "../scenarios/lab/person.ts";
import type { LabPlanned } from "./replay-lab-plan.ts";

const NOTHING = "nothing was made";

/** What a person is shown before a lab is made: where, and what. */
export function labLines({ plan, entries }: Pick<LabPlanned, "plan" | "entries">): string[] {
  const { server, context, uid, nodes, version } = plan.cluster;
  const kinds = [...Map.groupBy(plan.makes, ({ object }) => object.kind)].map(
    ([kind, all]) => `${String(all.length)} ${LAB_KINDS.find((one) => one.kind === kind)!.resource}`,
  );
  return [
    `Cluster:   ${server} (context ${context}, ${version ?? "version unknown"}, ${count(nodes, "node")})`,
    `Its uid:   ${uid}`,
    `Lab:       ${plan.adversaries.join(", ")}; ${actors(plan)}`,
    `Makes:     ${kinds.join(", ")}, and what the attacks make, in two namespaces of its own`,
    `Takes:     at most ${String(Math.ceil(plan.seconds / 60))} minutes, and takes everything down again`,
    ...personLines(entries, plan.image),
  ];
}

function actors({ placement, image, node }: LabPlan): string {
  const who =
    placement === "container" ? `containers of ${image} act` : `their tokens are used from here, image ${image}`;
  return `${who}, ${node === null ? "on any node" : `on node ${node}`}`;
}

/**
 * Has the cluster confirmed: by --confirm-cluster, or typed in a terminal. Throws UsageError where nobody can be asked, CommandError
 * where something else was typed, Interrupted.
 */
export async function confirmCluster(context: Context, facts: ClusterFacts): Promise<void> {
  const given = context.options["confirm-cluster"];
  const { clusterName, uid } = facts;
  if (given !== null) {
    if (isThisCluster(given, facts)) return;
    throw new CommandError(
      `--confirm-cluster is ${given}, and this cluster is ${clusterName === "" ? "" : `${clusterName}, `}${uid ?? "unknown"}: ${NOTHING}`,
      "Choose the cluster with --context.",
    );
  }
  const { io, options } = context;
  if (options["no-input"] || io.stdin.isTTY !== true || io.stderr.isTTY !== true) {
    throw new UsageError("without a terminal a lab is made only with --confirm-cluster UID|NAME", [
      "See first what it would make with --dry-run=server.",
    ]);
  }
  const name = clusterName === "" ? "" : `, or its name ${safe(clusterName)},`;
  const typed = await ask(context, `Type the cluster's uid${name} to make the lab: `);
  if (!isThisCluster(typed, facts)) throw new CommandError(`that is not this cluster: ${NOTHING}`);
}

async function ask({ io }: Context, question: string): Promise<string> {
  const terminal = createInterface({ input: io.stdin, output: io.stderr });
  // A terminal that reads keys gives Ctrl-C and Ctrl-D to whoever reads, and no signal to the process.
  const [interrupt, end] = [new AbortController(), new AbortController()];
  terminal.once("SIGINT", () => interrupt.abort());
  terminal.once("close", () => end.abort());
  try {
    const signal = AbortSignal.any([io.signal, interrupt.signal, end.signal]);
    return (await terminal.question(question, { signal })).trim();
  } catch (error) {
    if (io.signal.aborted || interrupt.signal.aborted) throw new Interrupted();
    if (end.signal.aborted) return "";
    throw error;
  } finally {
    terminal.close();
  }
}
