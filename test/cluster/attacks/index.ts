import type { Attack } from "./attack.ts";
import * as admissionPolicies from "./admission-policies.ts";
import * as admissionPoliciesBound from "./admission-policies-bound.ts";
import * as admissionWebhooks from "./admission-webhooks.ts";
import * as bootstrapToken from "./bootstrap-token.ts";
import * as bootstrapTokenPatch from "./bootstrap-token-patch.ts";
import * as certificatesApprove from "./certificates-approve.ts";
import * as clusterrolesAggregate from "./clusterroles-aggregate.ts";
import * as controllersCreate from "./controllers-create.ts";
import * as controllersPatch from "./controllers-patch.ts";
import * as controllersPatchNode from "./controllers-patch-node.ts";
import * as cronjobsPatch from "./cronjobs-patch.ts";
import * as everything from "./everything.ts";
import * as groupsImpersonate from "./groups-impersonate.ts";
import * as impersonateConstrained from "./impersonate-constrained.ts";
import * as namespacesPatch from "./namespaces-patch.ts";
import * as nodeAuthorizer from "./node-authorizer.ts";
import * as nodeToken from "./node-token.ts";
import * as nodesCheckpoint from "./nodes-checkpoint.ts";
import * as nodesLogGet from "./nodes-log-get.ts";
import * as nodesPodsGet from "./nodes-pods-get.ts";
import * as nodesProxyGet from "./nodes-proxy-get.ts";
import * as nodesProxy from "./nodes-proxy.ts";
import * as persistentvolumesCreate from "./persistentvolumes-create.ts";
import * as podNeighbours from "./pod-neighbours.ts";
import * as podToken from "./pod-token.ts";
import * as podsAttachGet from "./pods-attach-get.ts";
import * as podsAttach from "./pods-attach.ts";
import * as podsBinding from "./pods-binding.ts";
import * as podsCreateNode from "./pods-create-node.ts";
import * as podsCreate from "./pods-create.ts";
import * as podsEphemeralcontainers from "./pods-ephemeralcontainers.ts";
import * as podsExecGet from "./pods-exec-get.ts";
import * as podsExec from "./pods-exec.ts";
import * as podsLog from "./pods-log.ts";
import * as podsPatch from "./pods-patch.ts";
import * as podsPortforwardGet from "./pods-portforward-get.ts";
import * as podsPortforward from "./pods-portforward.ts";
import * as podsProxy from "./pods-proxy.ts";
import * as rolesBind from "./roles-bind.ts";
import * as rolesEscalate from "./roles-escalate.ts";
import * as secretToken from "./secret-token.ts";
import * as secretsCreate from "./secrets-create.ts";
import * as secretsDelete from "./secrets-delete.ts";
import * as secretsDeletecollection from "./secrets-deletecollection.ts";
import * as secretsGet from "./secrets-get.ts";
import * as secretsList from "./secrets-list.ts";
import * as secretsPatch from "./secrets-patch.ts";
import * as secretsUpdate from "./secrets-update.ts";
import * as secretsWatch from "./secrets-watch.ts";
import * as serviceaccountsImpersonate from "./serviceaccounts-impersonate.ts";
import * as serviceaccountsToken from "./serviceaccounts-token.ts";
import * as servicesProxy from "./services-proxy.ts";
import * as specsRead from "./specs-read.ts";
import * as usersImpersonate from "./users-impersonate.ts";

/** Every attack, in the order in which they are carried out. */
export const attacks: Attack[] = [
  admissionPolicies,
  admissionPoliciesBound,
  admissionWebhooks,
  bootstrapToken,
  bootstrapTokenPatch,
  certificatesApprove,
  clusterrolesAggregate,
  controllersCreate,
  controllersPatch,
  controllersPatchNode,
  cronjobsPatch,
  everything,
  groupsImpersonate,
  impersonateConstrained,
  namespacesPatch,
  nodeAuthorizer,
  nodeToken,
  nodesCheckpoint,
  nodesLogGet,
  nodesPodsGet,
  nodesProxyGet,
  nodesProxy,
  persistentvolumesCreate,
  podNeighbours,
  podToken,
  podsAttachGet,
  podsAttach,
  podsBinding,
  podsCreateNode,
  podsCreate,
  podsEphemeralcontainers,
  podsExecGet,
  podsExec,
  podsLog,
  podsPatch,
  podsPortforwardGet,
  podsPortforward,
  podsProxy,
  rolesBind,
  rolesEscalate,
  secretToken,
  secretsCreate,
  secretsDelete,
  secretsDeletecollection,
  secretsGet,
  secretsList,
  secretsPatch,
  secretsUpdate,
  secretsWatch,
  serviceaccountsImpersonate,
  serviceaccountsToken,
  servicesProxy,
  specsRead,
  usersImpersonate,
].flatMap((edge) => edge.attacks);
