import { isApiFailure } from "../../evidence/scope.ts";
import type { Api, Json } from "../../model/api.ts";
import type { LabJournalStep } from "../../model/lab-journal.ts";
import type { LabPair, LabRun, Placement } from "../../model/lab.ts";
import type { ObjectRef } from "../../model/object.ts";
import { baseObjects, type PodSecurity, type ServerAddress } from "./base-objects.ts";
import { byLabels } from "./by-labels.ts";
import type { Canaries } from "./canary.ts";
import type { LabJournal } from "./journal.ts";
import { judgePair } from "./judge-pair.ts";
import { collectionPath, LAB_KINDS, refTo } from "./kinds.ts";
import { Maker } from "./make.ts";
import { Waiting } from "./person.ts";
import { formsOf, type LabEntry } from "./plan.ts";
import { LabNotReady, LabStopped } from "./stopped.ts";
import { teardown, type Torn } from "./teardown.ts";
import { runTwin, type Form, type TwinSetup } from "./twin.ts";

/** What a run takes: connections, clock and journal are handed in. */
export interface LabSetup extends Omit<TwinSetup, "maker"> {
  entries: readonly LabEntry[];
  /** Whether the other forms are run too. */
  variants: boolean;
  podSecurity: PodSecurity;
  /** Where pods reach the API server. */
  server: readonly ServerAddress[];
  journal: LabJournal;
  /** The journal's name, for the report. */
  journalName: string | null;
  begin: Extract<LabJournalStep, { step: "begin" }>;
  /** The longest wait for one namespace to go, in seconds. */
  patience: number;
}

/** What became of a run. */
export interface LabDone {
  pairs: { entry: LabEntry; pair: LabPair }[];
  run: LabRun;
  torn: Torn;
  /** Why the run ended before any attack; null where it did not. */
  failure: unknown;
  /** Why the journal does not say that the run is over; null where it does. */
  unended: unknown;
}

const BY_PLACEMENT: Readonly<Record<Placement, string>> = {
  driver: "what a workload's process would do the driver does, with a token that is bound to the pod of that run",
  container:
    "requests of a process in a container carry no Audit-ID, because kubectl sends none; the audit log has its pod's name",
};

const READY_SECONDS = 30;
const POLL_MS = 200;

/**
 * Makes the lab, attacks the forms of all adversaries side by side, and takes everything down again, whatever happens. Throws where
 * the journal cannot be begun: then nothing was made.
 */
export async function runLab(setup: LabSetup): Promise<LabDone> {
  const { journal, begin, place, now } = setup;
  const startedAt = now().toISOString();
  const maker = new Maker(setup);
  await journal.write(begin);
  await setup.reached("begun");
  let failure: unknown = null;
  let pairs: LabDone["pairs"] = [];
  try {
    for (const object of baseObjects(place, setup.server, setup.podSecurity)) await maker.make(object);
    await baseIsReady(setup);
    pairs = await attackAll(setup, maker);
  } catch (error) {
    failure = error;
  }
  setup.say("taking the lab down");
  const torn = masked(await teardown(maker.made, { ...setup, run: place.run }), setup.canaries);
  const remains = await whatRemains(setup.api, place.run, torn);
  let unended: unknown = null;
  await journal.write({ step: "end", remains: remains?.length ?? null }).catch((error: unknown) => {
    unended = error;
  });
  const run: LabRun = {
    ...{ run: place.run, namespaces: [place.namespace, place.other] },
    ...{ placement: place.placement, image: place.image, node: place.node },
    ...{ startedAt, endedAt: now().toISOString() },
    differs: [...new Set([BY_PLACEMENT[place.placement], ...setup.entries.flatMap(({ lab }) => lab.differs)])],
    journal: setup.journalName,
    remains,
  };
  return { pairs, run, torn, failure, unended };
}

/** Admission that refuses a deletion may quote the object. */
function masked(torn: Torn, { mask }: Canaries): Torn {
  return { ...torn, failed: torn.failed.map(({ object, because }) => ({ object, because: mask(because) })) };
}

/** What of the run is still there; null where it cannot be told. */
export async function whatRemains(api: Pick<Api, "list">, run: string, torn: Torn): Promise<ObjectRef[] | null> {
  try {
    const { found, unseen } = await byLabels(api, run);
    if (unseen.length > 0) return null;
    const there = found.filter(({ isOurs }) => isOurs).map(({ object, uid }) => refTo(object, uid));
    const isNamed = (one: ObjectRef): boolean =>
      there.some(({ kind, namespace, name }) => kind === one.kind && namespace === one.namespace && name === one.name);
    return [...there, ...torn.failed.map(({ object }) => refTo(object)).filter((one) => !isNamed(one))];
  } catch (error) {
    if (isApiFailure(error)) return null;
    throw error;
  }
}

async function attackAll(setup: LabSetup, maker: Maker): Promise<LabDone["pairs"]> {
  const { image } = setup.place;
  const say = once((text) => setup.say(text));
  const waiting = new Waiting(setup.entries, { image, now: () => setup.now(), say });
  const forms = formsOf(setup.entries);
  return Promise.all(
    setup.entries.map(async (entry) => {
      const { lab } = entry;
      const asks = (text: string): void => {
        say(text);
        waiting.asked(entry);
      };
      const twin: TwinSetup = { ...setup, maker, say: asks };
      const [byDefault, hardened] = forms.filter((one) => one.entry === entry).map((form) => runTwin(form, twin));
      const others = (setup.variants ? lab.variants : []).map(async ({ id, what, predicted, hardenings }) => ({
        ...{ id, what, predicted },
        ...(await runTwin(variantForm(entry, id, hardenings), twin)),
      }));
      const both = { default: await byDefault!, hardened: await hardened! };
      const judged = judgePair(both, lab.predicted);
      const variants = await Promise.all(others);
      waiting.over(entry);
      return { entry, pair: { ...both, predicted: lab.predicted, ...judged, variants } };
    }),
  );
}

/** What several forms have to say is said once. */
function once(say: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
}

function variantForm(entry: LabEntry, id: string, hardenings: readonly string[]): Form {
  const form = hardenings.length === 0 ? "default" : "hardened";
  return { entry, form, name: `${String(entry.number)}-${form}-${id}`, hardenings };
}

/** Pods are refused until the quota is counted and the namespace has its account. */
async function baseIsReady({ api, place, now, sleep, signal }: LabSetup): Promise<void> {
  const until = now().getTime() + READY_SECONDS * 1000;
  const quotas = LAB_KINDS.find(({ kind }) => kind === "ResourceQuota")!;
  for (const namespace of [place.namespace, place.other]) {
    const quota = `${collectionPath(quotas, namespace)}/lab`;
    for (;;) {
      if (signal.aborted) throw new LabStopped();
      const isCounted = ((await api.get(quota))["status"] as Json | undefined)?.["hard"] !== undefined;
      if (isCounted && (await exists(api, `/api/v1/namespaces/${namespace}/serviceaccounts/default`))) break;
      if (now().getTime() > until)
        throw new LabNotReady(`the namespace ${namespace} did not become ready in ${String(READY_SECONDS)} seconds`);
      await sleep(POLL_MS, signal);
    }
  }
}

async function exists(api: Pick<Api, "get">, path: string): Promise<boolean> {
  try {
    await api.get(path);
    return true;
  } catch (error) {
    if (isApiFailure(error) && error.status === 404) return false;
    throw error;
  }
}
