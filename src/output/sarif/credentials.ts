import type { CarrierItem, ExposureItem, ReaderItem, TriageItem } from "../../model/report.ts";
import { resourceName, subjectName } from "../formats/name.ts";
import { count } from "../text.ts";
import { mostPlaces, type Finding, type Place } from "./finding.ts";

function limited(places: Place[]): Pick<Finding, "places" | "more"> {
  return { places: places.slice(0, mostPlaces), more: Math.max(0, places.length - mostPlaces) };
}

function triageTopic(id: string): string {
  if (id.startsWith("account/") || id === "more-accounts") return "account-reach";
  if (id.startsWith("image/")) return "image-change";
  return /^[0-9a-f]{16}$/.test(id) ? "exposed-credential" : id;
}

/** A line of the triage. */
export function triage(item: TriageItem, complete: boolean): Finding {
  const { id, severity, what, objects, objectCount, next, readers, ...facts } = item;
  return {
    topic: triageTopic(id),
    severity,
    identity: id,
    message: `${what}. ${item.until === null ? item.untilWhy : `Until ${item.until}: ${item.untilWhy}`}`,
    places: objects.map((object) => ({ object, path: null })),
    more: objectCount - objects.length,
    facts: { ...facts, readers: readers === null ? null : readersFact(readers, complete), next },
  };
}

/** One credential, with the first object that carries it in front. */
export function exposure(item: ExposureItem, complete: boolean): Finding {
  const { id, credential, severity, carriers, opens, closes, readers, workload } = item;
  const [first] = carriers;
  const until = closes === null ? "no end known" : `until ${closes}`;
  const since = first?.opensIsBound === true ? `since ${opens} at the latest` : `since ${opens}`;
  return {
    topic: first?.class ?? "exposed-credential",
    severity,
    identity: id,
    message: `${credential.name} (${credential.kind}) of ${resourceName(workload)} can be read, ${since}, ${until}. ${item.fix}`,
    ...limited(carriers.map(({ object, path }) => ({ object, path }))),
    ...(item.ignored === undefined ? {} : { ignored: item.ignored }),
    facts: {
      ...{ confidence: credential.confidence, fingerprint: credential.fingerprint, opens, closes },
      closesBecause: first?.closesBecause,
      closesWhy: first?.closesWhy,
      atRestHours: item.atRestHours,
      readers: readersFact(readers, complete),
      classes: [...new Set(carriers.map((one) => one.class))],
    },
  };
}

/** One object with all that it carries. */
export function carrier(item: CarrierItem, complete: boolean): Finding {
  const { object, severity, credentials, classes, readers, ...facts } = item;
  return {
    topic: classes[0] ?? "exposed-credential",
    severity,
    identity: `carrier/${object.uid ?? `${object.namespace ?? ""}/${resourceName(object)}`}`,
    message: `${resourceName(object)} carries ${count(credentials.length, "credential")}. ${item.closesWhy}`,
    places: [{ object, path: null }],
    more: 0,
    facts: { ...facts, readers: readersFact(readers, complete), classes, credentials: credentials.length },
  };
}

/** One identity with all that it reads. */
export function reader(item: ReaderItem): Finding {
  const { subject, severity, credentials, through, ...facts } = item;
  const where = subject.namespace === null ? "" : ` in ${subject.namespace}`;
  return {
    topic: item.everyone ? "everyone" : (through[0] ?? "exposed-credential"),
    severity,
    identity: `reader/${subject.namespace ?? ""}/${subjectName(subject)}`,
    message: `${subjectName(subject)}${where} can read ${count(credentials.length, "credential")}, by ${through.join(", ")}`,
    places: [{ object: subject, path: null }],
    more: 0,
    facts: { ...facts, through, credentials: credentials.length },
  };
}

/** A count over evidence that is not whole is a lower bound, and 0 then says nothing. */
function readersFact(
  { everyone, count: found, folded }: { everyone: boolean; count: number | null; folded: number },
  complete: boolean,
): object {
  return { everyone, count: complete || found !== 0 ? found : null, countIsBound: !complete, folded };
}
