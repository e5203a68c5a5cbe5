import type { Attack } from "./attack.ts";
import { listPods } from "./nodes-pods-get.ts";

export const attacks: Attack[] = listPods("nodes-proxy-get", "nodes/proxy", ["Succeeded"]);
