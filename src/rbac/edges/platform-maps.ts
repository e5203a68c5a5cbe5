import { core, type Edge } from "../edge.ts";
import { everythingIn } from "../gains.ts";
import { coversName } from "../held.ts";

const NAMESPACE = "kube-system";
const AWS_AUTH = "aws-auth";

export const platformMaps: Edge = {
  id: "platform-maps",
  name: "change the platform's map of identities",
  grants: "on EKS, the group system:masters for a cloud identity of one's own",
  effect: "maybe",
  needs: [{ verbs: ["update", "patch"], on: [core("configmaps")], named: "always" }],
  since: null,
  until: null,
  caveat: "only where the ConfigMap kube-system/aws-auth is in use",
  prevent: [
    "Turn to EKS access entries, and switch the ConfigMap off (authentication mode API).",
    "Until then grant writes of it to administrators alone.",
  ],
  looksAt: [],
  notDemonstrated: "it takes the platform's own authenticator",
  source: "EKS user guide: aws-auth",
  reach({ world, where, held }) {
    const version = world.snapshot.metadata.cluster.version;
    if (version?.includes("-eks-") !== true || (where !== "" && where !== NAMESPACE)) return [];
    if (!coversName(held[0]!, AWS_AUTH)) return [];
    return [{ ...everythingIn(world, ""), note: "if the ConfigMap kube-system/aws-auth is in use" }];
  },
};
