import type { AccessItem, Reach, Way } from "../../model/report.ts";
import type { Column } from "../view.ts";

const LETTERS: Record<Way["effect"], string> = { read: "R", "act-as": "A", execute: "X", wait: "W", maybe: "M" };
const STRENGTH: Way["effect"][] = ["read", "act-as", "execute", "wait", "maybe"];

/** What the letters of the matrix say. */
export const LEGEND =
  "R reads it, A acts as somebody who does, X executes where it is, W waits for an event, M maybe; * is every Secret.";

/** Subjects by Secrets: a column for the cluster, for each namespace and for each Secret that some reach names. */
export function accessMatrix(items: readonly AccessItem[]): {
  columns: Column[];
  cells: (item: AccessItem) => string[];
} {
  const all = items.flatMap(({ ways }) => ways.map(({ scope }) => scope));
  const places: Reach[] = [
    ...(all.some(({ cluster }) => cluster) ? [{ cluster: true, namespaces: [], secrets: [] }] : []),
    ...sorted(all.flatMap(({ namespaces }) => namespaces)).map((namespace) => {
      return { cluster: false, namespaces: [namespace], secrets: [] };
    }),
    ...sorted(all.flatMap(({ secrets }) => secrets.map(({ namespace, name }) => `${namespace}/${name}`))).map(
      (text) => {
        const [namespace = "", name = ""] = text.split("/");
        return { cluster: false, namespaces: [], secrets: [{ namespace, name }] };
      },
    ),
  ];
  return {
    columns: places.map((place) => ({ header: placeName(place) })),
    cells: ({ ways }) => {
      const holds = ways.map(({ effect, scope }) => ({ effect, scope: index(scope) }));
      return places.map((place) => {
        const effects = holds.filter(({ scope }) => scope(place)).map(({ effect }) => effect);
        const best = STRENGTH.find((effect) => effects.includes(effect));
        return best === undefined ? "-" : LETTERS[best];
      });
    },
  };
}

function sorted(texts: string[]): string[] {
  return [...new Set(texts)].sort();
}

function placeName({ cluster, namespaces, secrets }: Reach): string {
  const [secret] = secrets;
  if (cluster) return "*";
  return secret === undefined ? `${namespaces[0] ?? ""}/*` : `${secret.namespace}/${secret.name}`;
}

/** Answers whether a scope holds a place, in constant time for each. */
function index({ cluster, namespaces, secrets }: Reach): (place: Reach) => boolean {
  const whole = new Set(namespaces);
  const named = new Set(secrets.map(({ namespace, name }) => `${namespace}/${name}`));
  return (place) => {
    if (cluster) return true;
    if (place.cluster) return false;
    const [secret] = place.secrets;
    if (secret === undefined) return whole.has(place.namespaces[0] ?? "");
    return whole.has(secret.namespace) || named.has(`${secret.namespace}/${secret.name}`);
  };
}
