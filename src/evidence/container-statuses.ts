import type { Found } from "../credentials/rule.ts";
import type { Json } from "../model/api.ts";
import type { Container, ContainerStatus, DatedLiteral, Literal } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { integerAt, objectAt, objectsAt, stringAt, timeAt } from "./json.ts";
import { indexed, knownWords } from "./known-words.ts";
import { literalsAt } from "./literals.ts";
import type { Place } from "./literals.ts";
import { outputIn, valuesIn } from "./own-rules.ts";

const LISTS = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const;
const STATES = ["terminated", "running", "waiting"] as const;

/** Every entry of a pod's container statuses. `declared` tells sidecars from init containers, which share a list. */
export function containerStatuses(
  status: Json | null,
  declared: Container[],
  context: ProjectionContext,
): ContainerStatus[] {
  return LISTS.flatMap((list) =>
    objectsAt(status, list).map(([entry]) => {
      const name = stringAt(entry, "name") ?? "";
      const states = objectAt(entry, "state");
      const state = STATES.find((candidate) => objectAt(states, candidate) !== null) ?? "unknown";
      const details = objectAt(states, state);
      return {
        name,
        kind: kindOf(list, name, declared),
        state,
        reason: context.mask.keepReason(stringAt(details, "reason")),
        exitCode: integerAt(details, "exitCode"),
        startedAt: timeAt(details, "startedAt"),
        finishedAt: timeAt(details, "finishedAt"),
        imageID: context.mask.keepOptional(stringAt(entry, "imageID")),
        restartCount: integerAt(entry, "restartCount") ?? 0,
      };
    }),
  );
}

function kindOf(list: (typeof LISTS)[number], name: string, declared: Container[]): Container["kind"] {
  if (list === "containerStatuses") return "container";
  if (list === "ephemeralContainerStatuses") return "ephemeral";
  return declared.some((container) => container.name === name && container.kind === "sidecar") ? "sidecar" : "init";
}

/**
 * Credentials that a container wrote as its last words: terminated.message of the current and of the previous state. With
 * terminationMessagePolicy FallbackToLogsOnError they are the end of its log. `own` are those that the pod's template holds.
 */
export function messageLiterals(status: Json | null, own: Literal[], context: ProjectionContext): DatedLiteral[] {
  return LISTS.flatMap((list) =>
    objectsAt(status, list).flatMap(([entry, index]) =>
      ["state", "lastState"].flatMap((state) => {
        const name = stringAt(entry, "name") ?? "";
        const terminated = objectAt(objectAt(entry, state), "terminated");
        const message = stringAt(terminated, "message");
        if (message === null) return [];
        const path = `status.${list}[${String(index)}].${state}.terminated.message`;
        const field = `status.${list}[${name}].${state}.terminated.message`;
        const at = timeAt(terminated, "finishedAt");
        const place: Place = { place: "termination-message", path, field, container: name };
        const searched = { name: "message", text: message };
        const found = literalsAt(inMessage(message, own, context), place, context, searched);
        return found.map((literal) => ({ ...literal, at }));
      }),
    ),
  );
}

function inMessage(message: string, own: Literal[], context: ProjectionContext): Found[] {
  const found = [
    ...valuesIn("message", message, context),
    ...outputIn(message.split("\n"), "message", context),
    ...knownWords(message, indexed([own]), new Set(), context),
  ];
  // The first that finds it knows best what it is called.
  return [...new Map(found.reverse().map((one) => [one.text, one])).values()].reverse();
}
