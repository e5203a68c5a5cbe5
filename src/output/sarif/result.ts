import { createHash } from "node:crypto";
import { messageText, uriPart } from "./escape.ts";
import type { Finding, Place } from "./finding.ts";
import { levelOf, ruleId } from "./rules.ts";

/** Viewers want a place of what has none of its own. */
const WHOLE: Place = { object: { kind: "Cluster", namespace: null, name: "cluster" }, path: null };

/** One result of a run. `suppressed`: some result of the run is, and then SARIF wants to hear of each. */
export function resultOf(finding: Finding, ruleIndex: number, suppressed: boolean): object {
  const { places, more, open, severity, facts } = finding;
  const [first = WHOLE, ...others] = places;
  const rest = more === 0 ? "" : ` Also in ${more} more ${more === 1 ? "object" : "objects"}.`;
  return {
    ruleId: ruleId(finding),
    ruleIndex,
    kind: open === true ? "open" : "fail",
    level: levelOf(finding),
    message: { text: `${sentence(messageText(finding.message))}${rest}` },
    locations: [locationOf(first)],
    ...(others.length === 0
      ? {}
      : { relatedLocations: others.map((place, id) => ({ id: id + 1, ...locationOf(place) })) }),
    partialFingerprints: fingerprints(finding.identity),
    ...(suppressed ? { suppressions: suppressionsOf(finding) } : {}),
    properties: { severity, ...facts },
  };
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** From what identifies the object and the field; `primaryLocationLineHash` is the one that GitHub compares. */
function fingerprints(identity: string): Record<string, string> {
  const hash = createHash("sha256").update(identity).digest("hex").slice(0, 16);
  return { primaryLocationLineHash: `${hash}:1`, "cronaudit/v1": hash };
}

/** An object as the file that it would be in a repository of manifests, and as Kubernetes names it. */
function locationOf({ object, path }: Place): object {
  const { kind, namespace, name } = object;
  const folder = namespace === null ? "_cluster" : uriPart(namespace);
  const uri = `${folder}/${uriPart(`${kind.toLowerCase()}s`)}/${uriPart(name)}.yaml`;
  const named = [namespace ?? "", kind, name].join("/");
  return {
    physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
    logicalLocations: [
      { name, fullyQualifiedName: named, kind: "object" },
      ...(path === null ? [] : [{ name: path, fullyQualifiedName: `${named}/${path}`, kind: "property" }]),
    ],
  };
}

/** A finding that the operator ignores; one that only an object's own annotation ignores is still under review. */
function suppressionsOf({ ignored }: Finding): object[] {
  if (ignored === undefined) return [];
  const { by, confirmed, entries, reason } = ignored;
  const why = [...(reason === null ? [] : [reason]), `by ${entries.join(", ")}`].join(", ");
  return [
    {
      kind: by === "file" ? "external" : "inSource",
      status: confirmed ? "accepted" : "underReview",
      justification: messageText(why),
    },
  ];
}
