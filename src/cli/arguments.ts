import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { findResourceType, otherType, RESOURCE_TYPES } from "./resources.ts";
import type { ResourceType } from "./resources.ts";

/** One thing that was named: an object by type and name, all of a type (`name` null), or a User or Group. */
export type Named =
  { what: "object"; type: ResourceType; name: string | null } | { what: "user" | "group"; name: string };

const subjectPrefix = /^(user|group):(.*)$/is;
const accountPrefix = /^(serviceaccount|sa):(.*)$/is;

/** True for a word that names an object or a subject, or a type, rather than a verb. */
export function looksLikeResource(word: string): boolean {
  return (
    /[/:]/.test(word) || word.split(",").every((type) => findResourceType(type) !== null || otherType(type) !== null)
  );
}

/**
 * Reads `TYPE/NAME…`, `TYPE[,TYPE] [NAME…]`, `user:NAME` and `group:NAME` with kubectl's rules and words
 * (k8s.io/cli-runtime, resource.Builder ResourceTypeOrNameArgs).
 */
export function parseArguments(words: readonly string[]): Named[] {
  const subjects: Named[] = [];
  const rest: string[] = [];
  for (const word of words) {
    const subject = parseSubject(word);
    if (subject === null) rest.push(word);
    else subjects.push(subject);
  }
  return [...subjects, ...parseResources(rest)];
}

function parseSubject(word: string): Named | null {
  const account = accountPrefix.exec(word);
  if (account !== null) return { what: "object", type: findResourceType("sa")!, name: checkName(account[2]!, word) };
  const match = subjectPrefix.exec(word);
  if (match === null) return null;
  return { what: match[1]!.toLowerCase() as "user" | "group", name: checkName(match[2]!, word) };
}

function parseResources(words: string[]): Named[] {
  if (words.length === 0) return [];
  const slashed = words.filter((word) => word.includes("/"));
  if (slashed.length > 0) {
    if (slashed.length !== words.length) {
      throw new UsageError(
        "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form " +
          "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
      );
    }
    return slashed.map((word) => {
      const [type = "", name = "", ...more] = word.split("/");
      if (more.length > 0) throw new UsageError("arguments in resource/name form may not have more than one slash");
      return { what: "object", type: resourceType(type, words), name: checkName(name, word) };
    });
  }
  const [types = "", ...names] = words;
  return types.split(",").flatMap((spelled): Named[] => {
    const type = resourceType(spelled, words);
    if (names.length === 0) return [{ what: "object", type, name: null }];
    return names.map((name) => ({ what: "object", type, name: checkName(name, name) }));
  });
}

function resourceType(spelled: string, words: string[]): ResourceType {
  const type = findResourceType(spelled);
  if (type !== null) return type;
  const other = otherType(spelled);
  if (other !== null) {
    // The server may well have it, so kubectl's words would not be true.
    const taken = RESOURCE_TYPES.map(({ plural, short }) => (short === null ? plural : `${plural} (${short})`));
    throw new UsageError(`${other} cannot be named here`, [`What can be named: ${taken.join(", ")}.`]);
  }
  const near = nearest(
    spelled,
    RESOURCE_TYPES.flatMap(({ plural, singular }) => [singular, plural]),
  );
  const hints = near === null ? [] : [`Did you mean ${near}?`];
  if (words.length === 1 && !words[0]!.includes("/")) {
    hints.push(`If "${spelled}" is a name, say of what: cronjob/${spelled}, sa/${spelled}, user:${spelled}.`);
  }
  throw new UsageError(`the server doesn't have a resource type "${spelled}"`, hints);
}

/** Kubernetes' path segment rule for names (apimachinery, api/validation/path IsValidPathSegmentName). */
function checkName(name: string, word: string): string {
  if (name === "") {
    throw new UsageError(`arguments in resource/name form must have a single resource and name: "${word}"`);
  }
  if (name === "." || name === ".." || name.includes("%")) {
    throw new UsageError(`invalid resource name "${name}": [may not be '.', '..' or contain '%']`);
  }
  return name;
}
