import { join } from "node:path";
import { toTime } from "../batch/time.ts";
import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted } from "../cli/errors.ts";
import { pasteable } from "../cli/invocation.ts";
import { Journal } from "../cleanup/journal.ts";
import type { ConnectOptions } from "../cluster/index.ts";
import { isApiFailure, survivable } from "../evidence/scope.ts";
import type { Writer } from "../model/api.ts";
import type { LabJournalStep } from "../model/lab-journal.ts";
import type { Metadata } from "../model/snapshot.ts";
import { safe } from "../output/text.ts";
import { addressesIn, type ServerAddress } from "../scenarios/lab/base-objects.ts";
import { openCanaries } from "../scenarios/lab/canary.ts";
import { inWordsOf } from "../scenarios/lab/kinds.ts";
import { runId } from "../scenarios/lab/names.ts";
import { placeOf } from "../scenarios/lab/plan.ts";
import { labReport, labStatus } from "../scenarios/lab/report.ts";
import { runLab, type LabDone } from "../scenarios/lab/run.ts";
import type { Place } from "../scenarios/lab/stage.ts";
import { LabNotReady } from "../scenarios/lab/stopped.ts";
import { localUser } from "./evidence-save.ts";
import { operatorOf } from "./cleanup-session.ts";
import { confirmCluster, labLines } from "./replay-lab-ask.ts";
import { connectOperator, givenContext, refuseOthers, refusePlainHttp } from "./replay-lab-connect.ts";
import { journalError, LAB_EFFECTS, labDirectory, makeDirectory, type LabEffects } from "./replay-lab-effects.ts";
import { hold, letGo, lockPath } from "./replay-lab-lock.ts";
import {
  planLab,
  printPlan,
  refuseUnseen,
  refuseWithoutRights,
  tryNamespaces,
  type LabPlanned,
} from "./replay-lab-plan.ts";
import { render } from "./report.ts";

/** For an attack's request to come back and everything to be taken down after Ctrl-C. */
const TEARDOWN_MS = 600_000;
const SLICE = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes";

/** Makes the lab, carries out the attacks, takes it down, and reports; or plans it alone. Returns the exit status. */
export async function replayLab(context: Context, effects: LabEffects = LAB_EFFECTS): Promise<number> {
  const { options, io } = context;
  const name = givenContext(context);
  refuseOthers(context, ["run", "yes"]);
  const run = runId(effects.random(4));
  const { api, options: connection } = await connectOperator(context, run);
  try {
    refusePlainHttp(api);
    const planned = await planLab(context, api, name, effects);
    const place = placeOf(run, planned.choice);
    if (options["dry-run"] !== null) {
      await printPlan(context, planned);
      refuseWithoutRights(planned.plan);
      await refuseUnseen(api);
      await tryNamespaces(api, place, effects);
      return 0;
    }
    for (const line of labLines(planned)) io.stderr.write(`${safe(line)}\n`);
    refuseWithoutRights(planned.plan);
    await refuseUnseen(api);
    await confirmCluster(context, planned.facts);
    await tryNamespaces(api, place, effects);
    if (io.signal.aborted) throw new Interrupted();
    return await make(context, { api, connection, planned, place, effects });
  } finally {
    await api.close();
  }
}

interface Making {
  api: Writer;
  connection: ConnectOptions;
  planned: LabPlanned;
  place: Place;
  effects: LabEffects;
}

async function make(context: Context, making: Making): Promise<number> {
  const { io, options } = context;
  const { api, place, planned } = making;
  const { uid, server, version } = planned.plan.cluster;
  const takenAt = toTime(io.now().getTime());
  const directory = labDirectory(context, uid);
  const path = join(directory, `${place.run}.jsonl`);
  const operator = await operatorOf(api, localUser());
  io.outlast?.(TEARDOWN_MS);
  const cleanup = pasteable(context.program, `replay cleanup --run ${place.run}`, options);
  const onStop = (): void => {
    io.stderr.write(`Stopping, and taking the lab down; once more leaves it there, for: ${safe(cleanup)}\n`);
  };
  io.signal.addEventListener("abort", onStop, { once: true });
  try {
    const done = await carryOut(context, { ...making, path, directory, operator });
    told(context, done, cleanup, path);
    if (io.signal.aborted) throw new Interrupted();
    const { scenarios } = await import("../scenarios/index.ts");
    const metadata: Metadata = {
      takenAt,
      cluster: { server, version, uid },
      user: operator.user,
      scope: { namespaces: done.run.namespaces },
      tool: { version: io.version },
    };
    await render(labReport(done, metadata, scenarios), context, ABOUT);
    return labStatus(done);
  } finally {
    io.signal.removeEventListener("abort", onStop);
  }
}

const ABOUT = { verb: "replay", details: false, nowhere: null, unmet: null };

async function carryOut(
  context: Context,
  given: Making & { path: string; directory: string; operator: { user: string | null; local: string | null } },
): Promise<LabDone> {
  const { io, options } = context;
  const { api, connection, planned, place, effects, path, directory, operator } = given;
  const { cluster } = planned.plan;
  const { connectActor } = await import("../cluster/index.ts");
  const server = await addressesOf(context, api, place);
  await makeDirectory(directory);
  const lock = lockPath(path);
  await hold(lock, io.processes).catch((error: unknown) => {
    throw journalError(error, lock);
  });
  const file = await effects.journals.create(path).catch(async (error: unknown) => {
    await letGo(lock);
    throw journalError(error, path);
  });
  const journal = new Journal<LabJournalStep>(file, () => io.now());
  try {
    return await runLab({
      ...{ place, api, journal, journalName: path, entries: planned.entries, variants: options.variants },
      ...{ podSecurity: effects.podSecurity, patience: effects.patience, reached: effects.reached },
      server,
      canaries: openCanaries(Buffer.from(effects.random(32))),
      connect: (token) => connectActor(connection, token),
      now: () => io.now(),
      sleep: effects.sleep,
      signal: io.signal,
      say: (text) => io.stderr.write(`${safe(text)}\n`),
      begin: {
        ...{ step: "begin", formatVersion: 1, tool: io.version, run: place.run, operator },
        cluster: { uid: cluster.uid, server: cluster.server, context: cluster.context },
      },
    });
  } catch (error) {
    throw journalError(error, path);
  } finally {
    await file.close();
    await letGo(lock);
  }
}

/** Where pods reach the API server; none where its EndpointSlice is not there, as where nothing keeps it. */
async function addressesOf({ io }: Context, api: Writer, { placement }: Place): Promise<ServerAddress[]> {
  const slice = await api.get(SLICE).catch((error: unknown) => {
    if (survivable(error).status !== 404) throw error;
    return {};
  });
  const addresses = addressesIn(slice);
  if (addresses.length === 0 && placement === "container")
    io.stderr.write(
      "Where pods reach the API server is not known: where network policies hold, the lab's containers cannot.\n",
    );
  return addresses;
}

/** Says what remains, and throws for a run that came to no attack. */
function told(
  { io }: Context,
  { run: { remains }, torn, failure, unended }: LabDone,
  cleanup: string,
  path: string,
): void {
  if (remains === null || remains.length > 0) {
    const what = remains?.map(
      ({ kind, namespace, name }) => `${kind} ${name}${namespace === null ? "" : ` in ${namespace}`}`,
    );
    io.stderr.write(
      `${safe(what === undefined ? "What remains of the lab cannot be told." : `Remains: ${what.join(", ")}`)}\n`,
    );
    for (const { object, because } of torn.failed) io.stderr.write(`${safe(`${inWordsOf(object)}: ${because}`)}\n`);
    io.stderr.write(`Clean up with: ${safe(cleanup)}\n`);
  } else io.stderr.write("Nothing of the lab remains.\n");
  if (unended !== null) {
    const error = journalError(unended, path);
    if (!(error instanceof CommandError)) throw error;
    io.stderr.write(`${safe(`warning: ${error.message}: it does not say that the run is over`)}\n`);
  }
  if (failure === null || io.signal.aborted) return;
  if (failure instanceof LabNotReady)
    throw new CommandError(failure.message, "No attack was carried out. Try again once its controllers keep up.");
  if (isApiFailure(failure))
    throw new CommandError(`the lab could not be made: ${failure.message}`, "No attack was carried out.");
  throw journalError(failure, path);
}
