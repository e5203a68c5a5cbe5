import { clusterScoped, type Edge } from "../edge.ts";
import { coversName } from "../held.ts";

const GROUP = "certificates.k8s.io";
const CLIENT = "kubernetes.io/kube-apiserver-client";
const KUBELET = "kubernetes.io/kube-apiserver-client-kubelet";
const ANY = "kubernetes.io/*";

export const certificatesApprove: Edge = {
  id: "certificates-approve",
  name: "create and approve certificate signing requests",
  grants: "a client certificate for any user and any group but system:masters, which nothing revokes before it ends",
  effect: "act-as",
  needs: [
    { verbs: ["create"], on: [clusterScoped(GROUP, "certificatesigningrequests")], named: "never" },
    { verbs: ["update", "patch"], on: [clusterScoped(GROUP, "certificatesigningrequests/approval")], named: "always" },
    { verbs: ["approve"], on: [clusterScoped(GROUP, "signers")], named: "always" },
  ],
  since: null,
  until: null,
  caveat:
    "no right to read it is needed, because a second change of the approval answers with the certificate; the signer must be kubernetes.io/kube-apiserver-client (or …-kubelet, for nodes), and the controller manager must have the cluster's CA; a ServiceAccount's name gets what its user name has, not its groups",
  prevent: [
    "Grant `approve` on signers by resourceNames, and kubernetes.io/kube-apiserver-client and kubernetes.io/kube-apiserver-client-kubelet, which makes nodes, to administrators alone.",
    "Shorten `--cluster-signing-duration` of the controller manager (a year by default): what was signed cannot be revoked.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source:
    "plugin/pkg/admission/certificates/approval/admission.go; plugin/pkg/admission/certificates/subjectrestriction/admission.go",
  reach({ held }) {
    const approve = held[2];
    if (approve === undefined) return [];
    const signs = (signer: string): boolean => coversName(approve, signer) || coversName(approve, ANY);
    if (signs(CLIENT)) return [{ to: [{ kind: "users" }, { kind: "groups" }, { kind: "nodes" }] }];
    return signs(KUBELET) ? [{ to: [{ kind: "nodes" }] }] : [];
  },
};
