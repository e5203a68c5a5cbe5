import { asObject, mapAt, objectAt, stringAt, valueAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { isMarked } from "./mask-text.ts";

/** A Job as it can be created again, and what was left out of it, one line each. */
export interface Restorable {
  job: Json;
  /** What only controllers write, or what would let others run it. */
  stripped: string[];
  /** Masked entries, which nobody can fill in. */
  removed: string[];
}

/** Labels and annotations that the Job controller writes or looks for (batch/v1 types.go), and queues that resume Jobs. */
const CONTROLLED = /^(controller-uid|job-name|batch\.kubernetes\.io\/.*|kueue\.x-k8s\.io\/.*)$/;
const CONTROLLED_ANNOTATIONS =
  /^(batch\.kubernetes\.io\/.*|cronjob\.kubernetes\.io\/.*|kubectl\.kubernetes\.io\/last-applied-configuration)$/;

/** Ties a Job to its old pods, or to a controller that may not care whether it is suspended. */
const NOT_RESTORED = new Set(["selector", "manualSelector", "managedBy"]);

/**
 * A preserved Job as a new one that cannot run: suspended, owned by nobody, without what ties it to the controller's work on the old
 * one. Masked entries are removed, never filled in.
 */
export function restorable(preserved: Json): Restorable {
  const stripped: string[] = [];
  const removed: string[] = [];
  const spec = objectAt(preserved, "spec") ?? {};
  const template = objectAt(spec, "template");
  const own = Object.entries(spec).filter(([key]) => {
    if (!NOT_RESTORED.has(key)) return true;
    stripped.push(`spec.${key}`);
    return false;
  });
  const pruned = prune({ ...Object.fromEntries(own), suspend: true }, "spec", removed) as Json;
  const prunedTemplate = objectAt(pruned, "template") ?? {};
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata(objectAt(preserved, "metadata"), "metadata", { stripped, removed }, true),
    spec: {
      ...pruned,
      template: {
        metadata: metadata(objectAt(template, "metadata"), "spec.template.metadata", { stripped, removed }, false),
        spec: withoutEmptyHandlers(objectAt(prunedTemplate, "spec") ?? {}),
      },
    },
  };
  return { job, stripped, removed };
}

function metadata(
  raw: Json | null,
  path: string,
  lists: { stripped: string[]; removed: string[] },
  named: boolean,
): Json {
  const kept = (key: "labels" | "annotations", controlled: RegExp): Json => {
    const entries = mapAt(raw, key).filter(([name, value]) => {
      const place = `${path}.${key}[${name}]`;
      if (controlled.test(name)) lists.stripped.push(place);
      else if (isMarked(value)) lists.removed.push(place);
      else return true;
      return false;
    });
    return entries.length === 0 ? {} : { [key]: Object.fromEntries(entries) };
  };
  const names = named ? { name: stringAt(raw, "name"), namespace: stringAt(raw, "namespace") } : {};
  return { ...names, ...kept("labels", CONTROLLED), ...kept("annotations", CONTROLLED_ANNOTATIONS) };
}

/** Without every text that is a fingerprint: of a list of names and values the whole entry goes. Undefined: nothing is left. */
function prune(value: unknown, path: string, removed: string[]): unknown {
  if (typeof value === "string") {
    if (!isMarked(value)) return value;
    removed.push(path);
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.map((item, i) => prune(item, `${path}[${String(i)}]`, removed)).filter((item) => item !== undefined);
  }
  const object = asObject(value);
  if (object === null) return value;
  const own = stringAt(object, "value");
  if (own !== null && isMarked(own) && typeof object["name"] === "string") {
    removed.push(`${path} (${object["name"]})`);
    return undefined;
  }
  if (path === "spec.template.metadata") return object;
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, child]): [string, unknown][] => {
      const kept = prune(child, `${path}.${key}`, removed);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

const HANDLERS = ["livenessProbe", "readinessProbe", "startupProbe"];

/** A probe without a command is refused, and one that asks something else is none. */
function withoutEmptyHandlers(spec: Json): Json {
  const cleaned = (containers: unknown): unknown =>
    Array.isArray(containers) ? containers.map((one) => withoutHandlers(asObject(one) ?? {})) : containers;
  const lists = ["containers", "initContainers"].filter((list) => spec[list] !== undefined);
  return { ...spec, ...Object.fromEntries(lists.map((list) => [list, cleaned(spec[list])])) };
}

function withoutHandlers(container: Json): Json {
  const kept = Object.fromEntries(
    Object.entries(container).filter(([key]) => !HANDLERS.includes(key) || !isEmptyExec(objectAt(container, key))),
  );
  const lifecycle = objectAt(kept, "lifecycle");
  if (lifecycle === null) return kept;
  const hooks = Object.entries(lifecycle).filter(([, hook]) => !isEmptyExec(asObject(hook)));
  if (hooks.length === 0) delete kept["lifecycle"];
  else kept["lifecycle"] = Object.fromEntries(hooks);
  return kept;
}

function isEmptyExec(handler: Json | null): boolean {
  const exec = objectAt(handler, "exec");
  const command = valueAt(exec, "command");
  return exec !== null && (!Array.isArray(command) || command.length === 0);
}
