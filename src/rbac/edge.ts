import type { Way } from "../model/report.ts";

/**
 * Whether a request along an edge carries the object's name, which is what resourceNames are compared with.
 * `always`: in its path. `by-field-selector`: it may, as fieldSelector metadata.name (requestinfo.go). `never`: no names match.
 */
export type Named = "always" | "by-field-selector" | "never";

/** One way to reach a credential. Each stands in its own file under edges/, named by its id. */
export interface Edge {
  /** Stable; reports and documentation refer to it. */
  id: string;
  /** What people call the request. */
  name: string;
  /** What the holder gets by it. */
  grants: string;
  effect: Way["effect"];
  needs: { verb: string; group: string; resource: string; subresource: string; named: Named };
  /** First Kubernetes version that has this way, `1.36`; null: all supported ones. */
  since: string | null;
  /** First Kubernetes version that no longer has it; null: none. */
  until: string | null;
  /** What must be true besides the right, or null. */
  caveat: string | null;
  /** Where the rule comes from: a file of Kubernetes or a document. */
  source: string;
}
