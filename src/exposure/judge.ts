import { instant } from "../batch/time.ts";
import { refOf } from "../batch/owners.ts";
import type { Time } from "../model/object.ts";
import type { ExposureItem } from "../model/report.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { compileRbac, worldOf, type World } from "../rbac/index.ts";
import { carrierOf, type Source } from "./class.ts";
import { exposureContext, type ExposureContext } from "./context.ts";
import { withoutEveryone } from "./everyone.ts";
import { credentials, type Carried, type Credential } from "./identity.ts";
import { accountPowers } from "./powers.ts";
import { readersIndex } from "./readers.ts";
import { removedBy } from "./removed.ts";
import { severityOf } from "./severity.ts";
import { useInterval, useOfCarrier } from "./uses.ts";
import { atRest, compareTimes, later, type Interval } from "./windows.ts";

/** One judged credential with the objects behind it. */
export interface Judged {
  item: ExposureItem;
  carriers: readonly Carried[];
  workload: Source;
  /** A run that already lacks it: the template had lost it by then. Null where no run shows it. */
  removedBy: Time | null;
}

/** Everything that a snapshot exposes, in no particular order of importance. */
export interface Judgement {
  context: ExposureContext;
  world: World;
  judged: Judged[];
}

/** Judges all credentials of a snapshot; selections come afterwards. */
export function judge(snapshot: Snapshot, options: { allReaders: boolean }): Judgement {
  const context = exposureContext(snapshot);
  const rbac = compileRbac(snapshot);
  const world = worldOf(snapshot, rbac);
  const readersOf = readersIndex(rbac, options.allReaders);
  const powerful = accountPowers(world);
  const judged = credentials(context).map((credential): Judged => {
    const { carriers, identity } = credential;
    const carried = carriers.map(({ rule, found }) => carrierOf(rule.id, found));
    const { readers, outsiders } = readersOf(carriers);
    const windows = windowsOf(credential, context);
    const closes = windows.some(({ to }) => to === Infinity) ? null : carried.map((one) => one.closes).reduce(later);
    const removal = removedBy(carriers, context);
    const workload = context.owners.rootOf(carriers[0]!.found.source);
    const { name, kind, confidence, because, fingerprint, ref, serviceAccount } = identity;
    const lead = leadOf(carriers);
    const item: ExposureItem = {
      id: credential.id,
      credential: { name, kind, confidence, because, fingerprint, ref, serviceAccount },
      severity: severityOf({
        carriers,
        confidence,
        everyone: readers.everyone,
        outsiders,
        closed: carriers.every(({ found: { closing } }, i) => closing.over === true || windows[i]!.to < context.now),
        powerful: serviceAccount === null ? false : powerful(serviceAccount),
      }),
      workload: refOf(workload),
      removedFromTemplate: removal.removed,
      carriers: carried,
      opens: carried.map((one) => one.opens).reduce(earliestTime),
      closes,
      ...rest(credential, windows, context),
      readers,
      fix: lead.rule.fix({
        name,
        found: carriers.filter(({ rule }) => rule === lead.rule).map(({ found }) => found),
        carriers: carriers.map(({ rule, found }) => ({ class: rule.id, found })),
        everyoneBy: readers.everyone ? withoutEveryone(rbac, carriers) : [],
        context,
      }),
    };
    return { item, carriers, workload, removedBy: removal.by };
  });
  return { context, world, judged };
}

/** The carrier whose class names the next step: what lingers longest, a template before its runs. */
function leadOf(carriers: readonly Carried[]): Carried {
  const isLiteral = ({ rule }: Carried): boolean => rule.id.startsWith("literal-") && rule.id !== "literal-annotation";
  return carriers.find(isLiteral) ?? carriers.find(({ found }) => found.closing.at === null) ?? carriers[0]!;
}

function earliestTime(a: Time, b: Time): Time {
  return compareTimes(b, a) < 0 ? b : a;
}

function windowsOf({ carriers }: Credential, context: ExposureContext): Interval[] {
  return carriers.map(({ found }) => ({
    from: instant(found.opening.opens) ?? context.now,
    to: instant(found.closing.at) ?? Infinity,
  }));
}

/** When it was last needed, and how long it has been and will be at rest. */
function rest(
  { carriers }: Credential,
  windows: readonly Interval[],
  context: ExposureContext,
): Pick<ExposureItem, "neededUntil" | "atRestHours"> {
  const uses = carriers.map(({ found }) => useOfCarrier(found, context)).filter((use) => use !== null);
  const ends = uses.map(({ end }) => end);
  const intervals = uses.map(useInterval).filter((one) => one !== null);
  return {
    neededUntil: ends.length === 0 || ends.includes(null) ? null : ends.reduce(later),
    atRestHours: atRest(windows, intervals, context.now),
  };
}
