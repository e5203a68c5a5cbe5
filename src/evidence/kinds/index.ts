import type { Resource, Snapshot } from "../../model/snapshot.ts";
import type { KindProjection } from "../context.ts";
import { clusterrolebindings } from "./clusterrolebindings.ts";
import { clusterroles } from "./clusterroles.ts";
import { configmaps } from "./configmaps.ts";
import { cronjobs } from "./cronjobs.ts";
import { jobs } from "./jobs.ts";
import { namespaces } from "./namespaces.ts";
import { nodes } from "./nodes.ts";
import { pods } from "./pods.ts";
import { rolebindings } from "./rolebindings.ts";
import { roles } from "./roles.ts";
import { secrets } from "./secrets.ts";
import { serviceaccounts } from "./serviceaccounts.ts";

/** Every kind of evidence by the plural that the API uses. */
export const KINDS = {
  namespaces,
  cronjobs,
  jobs,
  pods,
  serviceaccounts,
  roles,
  rolebindings,
  clusterroles,
  clusterrolebindings,
  configmaps,
  nodes,
  secrets,
} satisfies { [R in Resource]: KindProjection<Snapshot[R][number]> };

/** All resources, in the order in which a snapshot holds them. */
export const RESOURCES = Object.keys(KINDS) as Resource[];
