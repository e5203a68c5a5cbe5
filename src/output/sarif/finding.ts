import type { ObjectRef } from "../../model/object.ts";
import type { IgnoredBecause, Severity } from "../../model/report.ts";

/** Places of one result: GitHub takes a thousand, and a reader looks at a few. */
export const mostPlaces = 100;

/** Where something was found: an object, and the field of it where one is known. */
export interface Place {
  object: Pick<ObjectRef, "kind" | "namespace" | "name">;
  path: string | null;
}

/** One result before it is written. */
export interface Finding {
  /** Id of the topic that explains it: a class, a check, an adversary. */
  topic: string;
  severity: Severity;
  /** Tells it apart from others, the same in two captures of the same thing; never made from a value. */
  identity: string;
  /** One sentence. */
  message: string;
  /** The first is the one that viewers show. */
  places: Place[];
  /** Places that are not among them. */
  more: number;
  /** Set where nothing says that it holds: evidence is missing. */
  open?: true;
  ignored?: IgnoredBecause;
  /** Facts for programs, by their names in -o json. */
  facts: Record<string, unknown>;
}
