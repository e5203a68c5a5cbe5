/** A number that a template writes with a fraction: it stays one, as in Go, also where the fraction is 0. */
export interface Float {
  float: number;
}

/** One bound of a slice; absent where the template leaves it out. */
export interface Slice {
  start: number | null;
  /** `next`: the element behind `start` and no more, as in `[3]`. */
  end: number | null | "next";
  step: number | null;
}

/** One step of an expression, in kubectl's dialect of JSONPath. */
export type Node =
  | { is: "text"; text: string }
  | { is: "field"; name: string }
  | { is: "slice"; slice: Slice }
  | { is: "filter"; left: Node[]; operator: string | null; right: Node[] }
  | { is: "literal"; value: number | boolean | Float }
  | { is: "wildcard" }
  | { is: "recursive" }
  | { is: "union"; of: Node[][] }
  | { is: "word"; word: string };

/** A template: text as it stands, and expressions, which were in braces. */
export type Template = Node[][];
