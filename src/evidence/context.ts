import type { Json } from "../model/api.ts";
import type { Resource } from "../model/snapshot.ts";
import type { OwnRules } from "../credentials/own-rules.ts";
import { masksOwn } from "../credentials/own-rules-values.ts";
import { KnownTemplates } from "./known-templates.ts";
import { createMask } from "./mask.ts";
import type { Mask } from "./mask.ts";
import { createOwnContext } from "./own-rules.ts";
import type { OwnContext } from "./own-rules.ts";
import { SecretValues } from "./secret-values.ts";
import { VariableNames } from "./variable-names.ts";

/** What projections share while one snapshot is made. */
export interface ProjectionContext {
  mask: Mask;
  /** Records what could not be read; says the same thing once, and stops after a hundred. */
  note(text: string): void;
  /** Counts an object of which a part could not be read, and remembers why the first one could not. */
  unread(object: { kind: string; namespace: string | null; why: string }): void;
  /** Under which names containers get the keys of ConfigMaps, as far as the workloads were read before. */
  variables: VariableNames;
  /** The values of Secrets, which are read before what may repeat them; null where they are not compared. */
  secrets: SecretValues | null;
  /** What the operator's file, and annotations of the object that is projected, say. */
  own: OwnContext;
  /** Pod specs that were read before. */
  templates: KnownTemplates;
  /** The first value that was equal to this one, so that 10,000 pods of one CronJob share one template. */
  intern<T extends object>(value: T): T;
}

/** How one kind is read. `project` is total: malformed input gives defaults and notes, never an error. */
export interface KindProjection<T> {
  resource: Resource;
  group: string;
  version: string;
  kind: string;
  namespaced: boolean;
  /** What a report cannot say, or only as a lower bound, when this kind is not seen. */
  blinds: string[];
  project(raw: Json, context: ProjectionContext): T;
  /** False for an object that says nothing, and is not kept; absent: all are. */
  keeps?(object: T): boolean;
}

const MOST_NOTES = 100;

/** Objects of one kind in one namespace that could not be read whole. */
export interface Unread {
  kind: string;
  namespace: string | null;
  count: number;
  /** What was wrong with the first of them. */
  why: string;
}

/** A fresh context; `notes` and `unread` fill while projections run. */
export async function createContext(
  fingerprintKey: string | null,
  compareSecrets = false,
  rules: OwnRules | null = null,
): Promise<{ context: ProjectionContext; notes: Set<string>; unread: Map<string, Unread> }> {
  const notes = new Set<string>();
  const unread = new Map<string, Unread>();
  const pool = new Map<string, object>();
  const mask = await createMask(fingerprintKey, rules === null ? undefined : (text) => masksOwn(rules, text));
  const context: ProjectionContext = {
    mask,
    secrets: compareSecrets ? new SecretValues(mask) : null,
    variables: new VariableNames(),
    own: createOwnContext(rules),
    templates: new KnownTemplates(),
    note(text) {
      if (notes.size < MOST_NOTES) notes.add(text);
    },
    unread({ kind, namespace, why }) {
      const key = `${kind} ${namespace ?? ""}`;
      const known = unread.get(key);
      if (known === undefined) unread.set(key, { kind, namespace, count: 1, why });
      else known.count += 1;
    },
    intern<T extends object>(value: T): T {
      const key = JSON.stringify(value);
      const known = pool.get(key);
      if (known !== undefined) return known as T;
      pool.set(key, value);
      return value;
    },
  };
  return { context, notes, unread };
}
