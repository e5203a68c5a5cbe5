import type { Time } from "../model/object.ts";
import type { Severity, SubjectRef } from "../model/report.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { compileRbac, worldOf, type World } from "../rbac/index.ts";
import type { FixRequest } from "./class.ts";
import { exposureContext, type ExposureContext } from "./context.ts";
import { endsByIndex } from "./ends.ts";
import { withoutEveryone } from "./everyone.ts";
import { ignoredIndex } from "./ignored.ts";
import { credentials, isWritten, ownCarriers, type Carried, type Credential } from "./identity.ts";
import { rotate } from "./fix-secrets.ts";
import { isClosed, Judged, restOf, windowOf } from "./judged.ts";
import { accountPowers } from "./powers.ts";
import { readersIndex, type Known, type ReadersOf } from "./readers.ts";
import { removedBy } from "./removed.ts";
import { rotatedBy } from "./rotated.ts";
import { SEVERITIES, severityOf, type Weighed } from "./severity.ts";
import { tokenFacts } from "./token-facts.ts";
import { useInterval, usesOfCarrier } from "./uses.ts";
import { visibleTo } from "./visible.ts";
import { atRest, compareTimes, later, union, within } from "./windows.ts";
import type { Interval } from "./windows.ts";

/** A credential of which one identity may see only some carriers: the runs of the others use it as well. */
interface Seen extends Credential {
  all: readonly Carried[];
}

/** Everything that a snapshot exposes, in no particular order of importance. */
export interface Judgement {
  context: ExposureContext;
  world: World;
  /** The time that hours count in. */
  span: Interval;
  readersOf: ReadersOf;
  judged: Judged[];
}

/** What is looked at, and by whom. */
export interface View {
  allReaders: boolean;
  /** Only what this identity reads; see ExposureQuestion. */
  asSeenBy?: readonly SubjectRef[];
  /** Hours count within this time alone. */
  span?: Interval;
}

const ALWAYS: Interval = { from: -Infinity, to: Infinity };

/** Judges all credentials of a snapshot; selections come afterwards. */
export function judge(snapshot: Snapshot, view: View): Judgement {
  const context = exposureContext(snapshot);
  const rbac = compileRbac(snapshot);
  const world = worldOf(snapshot, rbac);
  const readersOf = readersIndex(rbac, view.allReaders);
  const endsBy = endsByIndex(context);
  const powerful = accountPowers(world);
  const span = view.span ?? ALWAYS;
  const ignoredOf = ignoredIndex(context);
  const judgeOne = (credential: Seen): Judged => {
    const { id, identity, carriers, all } = credential;
    const known = readersOf(carriers);
    const { readers } = known;
    const windows = carriers.map(({ found }) => windowOf(found, context));
    const resting = windows.map((window, at) => restOf(carriers[at]!.found, window));
    const used = all.flatMap(({ found }) => usesOfCarrier(found, context));
    const uses = union(used.map(useInterval).filter((one) => one !== null));
    const ends = used.map(({ end }) => end);
    const removal = removedBy(all, context);
    const workload = context.rootOf(carriers[0]!.found.source);
    const ignored = ignoredOf(all);
    const { name, kind, confidence, because, fingerprint, ref, serviceAccount, equals } = identity;
    const compared = snapshot.compared === undefined || fingerprint === null ? null : [];
    const bound = carriers.find(({ rule }) => rule.id === "token-bound");
    const item = {
      id,
      credential: {
        ...{ name, kind, confidence, because, fingerprint, ref, serviceAccount },
        equals: equals?.secrets ?? compared,
        equalsMore: equals?.more ?? 0,
      },
      severity: worstOf(
        apart(carriers).map((some) => ({
          carriers: some,
          confidence,
          ...weightOf(some === carriers ? known : readersOf(some)),
          closed: some.every(({ found }) => isClosed(found, windowOf(found, context), context)),
          powerful: serviceAccount === null ? false : powerful(serviceAccount),
        })),
      ),
      workload: context.refOf(workload),
      removedFromTemplate: removal.removed,
      removedBy: removal.by,
      rotatedBy: rotatedBy(all, context),
      token: bound === undefined ? null : tokenFacts(bound.found, context, world),
      opens: opensOf(carriers),
      closes: windows.some(({ to }) => to === Infinity) ? null : closesOf(carriers),
      neededUntil: ends.length === 0 || ends.includes(null) ? null : ends.reduce(later),
      atRestHours: atRest(within(resting, span), uses, context.now),
      readers,
      fix: fixFor(identity, all, { everyoneBy: readers.everyone ? withoutEveryone(rbac, carriers) : [], context }),
      ...(ignored === null ? {} : { ignored }),
    };
    return new Judged({ carriers, workload, uses }, item, { context, endsBy });
  };
  return { context, world, span, readersOf, judged: seen(credentials(context), view, rbac).map(judgeOne) };
}

/** What one identity sees of them: the carriers that it reads, and no credential without any. */
function seen(all: readonly Credential[], { asSeenBy = [] }: View, rbac: World["rbac"]): Seen[] {
  return all
    .map(({ id, identity, carriers }) => {
      const whole = carriers.every(isInOrder) ? carriers : carriers.map(inOrder);
      return { id, identity, all: whole, carriers: asSeenBy.length === 0 ? whole : visibleTo(whole, asSeenBy, rbac) };
    })
    .filter(({ carriers }) => carriers.length > 0);
}

function isInOrder({ found: { opening, closing } }: Carried): boolean {
  return closing.at === null || compareTimes(closing.at, opening.opens) >= 0;
}

/** Times of several clocks may contradict each other; no window ends before it begins. */
function inOrder(carried: Carried): Carried {
  if (isInOrder(carried)) return carried;
  const { rule, found } = carried;
  const { opening, closing } = found;
  const why = `${closing.why}; by its times it ended at ${closing.at}, before it opened, so some clock was wrong`;
  return { rule, found: { ...found, closing: { ...closing, at: opening.opens, why, isBound: true } } };
}

const NOTHING_LEFT = "nothing to remove: what held it is deleted or changed, and the API server forgets it by itself";

/** The next step for what is still there, whoever looks. */
function fixFor(
  { name, fingerprint, equals }: Credential["identity"],
  carriers: readonly Carried[],
  { everyoneBy, context }: Pick<FixRequest, "everyoneBy" | "context">,
): string {
  const there = ownCarriers(carriers).filter(({ found: { closing } }) => closing.because !== "compaction");
  const [first] = there;
  if (first === undefined) return fingerprint === null ? NOTHING_LEFT : `${NOTHING_LEFT}; ${rotate(name, equals)}`;
  const { rule } = leadOf(there);
  return rule.fix({
    name,
    found: there.filter((one) => one.rule === rule).map(({ found }) => found),
    carriers: there.map((one) => ({ class: one.rule.id, found: one.found })),
    everyoneBy,
    equals,
    context,
  });
}

/** Text and references to the Secret that equals it, which are judged each by itself: the worse of the two counts. */
function apart(carriers: readonly Carried[]): (readonly Carried[])[] {
  const own = ownCarriers(carriers);
  return own === carriers ? [carriers] : [own, carriers.filter((one) => !isWritten(one))];
}

function weightOf({ readers: { everyone }, outsiders }: Known): Pick<Weighed, "everyone" | "outsiders"> {
  return { everyone, outsiders };
}

function worstOf(weighed: readonly Weighed[]): Severity {
  const all = weighed.map(severityOf);
  return SEVERITIES.find((severity) => all.includes(severity))!;
}

/** The carrier whose class names the next step: what lingers longest, a template before its runs. */
function leadOf(carriers: readonly Carried[]): Carried {
  const isLiteral = ({ rule }: Carried): boolean => rule.id.startsWith("literal-") && rule.id !== "literal-annotation";
  return carriers.find(isLiteral) ?? carriers.find(({ found }) => found.closing.at === null) ?? carriers[0]!;
}

function opensOf(carriers: readonly Carried[]): Time {
  let first = carriers[0]!.found.opening.opens;
  for (const { found } of carriers) if (compareTimes(found.opening.opens, first) < 0) first = found.opening.opens;
  return first;
}

function closesOf(carriers: readonly Carried[]): Time | null {
  let last: Time | null = null;
  for (const { found } of carriers) last = later(last, found.closing.at);
  return last;
}
