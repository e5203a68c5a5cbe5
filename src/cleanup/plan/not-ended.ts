import { objectOf } from "../../exposure/class.ts";
import type { ExposureContext } from "../../exposure/context.ts";
import type { CleanupItem } from "../../model/cleanup.ts";
import { isForServer } from "./ending.ts";
import type { Touched } from "./ends.ts";

const SHOWN = 5;

/**
 * What the deletion of these items (uids) leaves open, one sentence each: tokens that outlive their pods, what list and watch read back,
 * what still stands elsewhere. Empty where nothing would be deleted.
 */
export function notEnded(
  items: readonly Pick<CleanupItem, "dependents" | "object">[],
  chosen: ReadonlySet<string>,
  touched: readonly Touched[],
  context: ExposureContext,
): string[] {
  const taken = new Set<number>();
  for (const [index, { object }] of items.entries()) if (chosen.has(object.uid ?? "")) taken.add(index);
  if (taken.size === 0) return [];
  const isTaken = (by: number | null): boolean => by !== null && taken.has(by);
  const ours = touched.filter(({ open }) => open.some(({ by }) => isTaken(by)));
  const uids = new Set(
    items.flatMap(({ object, dependents }, index) =>
      taken.has(index) ? [object.uid, ...dependents.map((one) => one.object.uid)] : [],
    ),
  );
  return [
    ...mintedTokens(ours),
    ...otherAudiences(uids, context),
    "Whoever may list or watch reads what is deleted back by an old resourceVersion, for about 5 to 10 minutes more.",
    ...elsewhere(ours, isTaken, context),
  ];
}

/** A bound token ends with its pod, at this API server; what was asked for with it does not. */
function mintedTokens(ours: readonly Touched[]): string[] {
  const may = new Set<string>();
  const perhaps = new Set<string>();
  let tokens = 0;
  for (const { judged } of ours) {
    const { token, credential } = judged.item;
    const account = credential.serviceAccount;
    if (token === null || account === null) continue;
    tokens += 1;
    const title = `${account.namespace}/${account.name}`;
    if (token.mintsOwn !== false) (token.mintsOwn === null ? perhaps : may).add(title);
  }
  if (tokens === 0) return [];
  const minters = [
    ...(may.size === 0 ? [] : [`${some([...may].sort())} may mint them`]),
    ...(perhaps.size === 0 ? [] : [`whether ${some([...perhaps].sort())} may was not seen`]),
  ];
  const who = minters.length === 0 ? "" : ` (${minters.join("; ")})`;
  return [
    `Tokens bound to these pods end at this API server, within about 10 s; tokens that were minted with them do not${who}.`,
  ];
}

/** Only its exp ends a token that is judged elsewhere. */
function otherAudiences(uids: ReadonlySet<string | null>, context: ExposureContext): string[] {
  const audiences = new Set<string>();
  let tokens = 0;
  for (const pod of context.pods) {
    if (!uids.has(pod.meta.uid)) continue;
    for (const { audience } of pod.template.tokens) {
      if (audience === null) continue;
      tokens += 1;
      audiences.add(audience);
    }
  }
  if (tokens === 0) return [];
  const which = `${String(tokens)} ${tokens === 1 ? "token" : "tokens"} for ${some([...audiences].sort())}`;
  return [`Not ended: ${which}: whoever judges such a token offline goes by its exp alone.`];
}

/** Credentials that go on lying elsewhere, where they stand as text, by name. */
function elsewhere(
  ours: readonly Touched[],
  isTaken: (by: number | null) => boolean,
  context: ExposureContext,
): string[] {
  const stay = new Map<string, Set<string>>();
  for (const { judged, open } of ours) {
    const left = open.filter(({ by, carried }) => !isTaken(by) && !isOtherToken(carried));
    const [first] = left;
    if (first === undefined) continue;
    const { kind, namespace, name } = objectOf(first.carried.found, context);
    const more = new Set(left.map(({ carried }) => carried.found.source)).size - 1;
    const where = `${kind.toLowerCase()}/${name}${namespace === null ? "" : ` of ${namespace}`}`;
    stay
      .getOrInsertComputed(judged.item.credential.name, () => new Set<string>())
      .add(more === 0 ? where : `${where} and ${String(more)} more`);
  }
  if (stay.size === 0) return [];
  const texts = [...stay]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, where]) => `${name} in ${some([...where].sort(), 2)}`);
  return [`Still there afterwards: ${some(texts)}.`];
}

function isOtherToken({ rule, found }: Touched["open"][number]["carried"]): boolean {
  return rule.id === "token-bound" && !isForServer(found);
}

function some(texts: readonly string[], most = SHOWN): string {
  const more = texts.length - most;
  return more > 0 ? `${texts.slice(0, most).join(", ")} and ${String(more)} more` : texts.join(", ");
}
