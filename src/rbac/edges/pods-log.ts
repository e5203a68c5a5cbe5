import { core, type Edge } from "../edge.ts";

export const podsLog: Edge = {
  id: "pods-log",
  name: "get pods/log",
  grants: "what containers printed, finished ones too until the pod is deleted",
  effect: "maybe",
  needs: [{ verbs: ["get"], on: [core("pods/log")], named: "always" }],
  parts: ["log"],
  since: null,
  until: null,
  caveat: "a container must have printed the credential",
  prevent: [
    "Stop programs from printing credentials: see log.",
    "Leave pods/log out of roles that everyone holds; the built-in `view` has it.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/rest/log.go; the kubelet keeps the log as long as the pod object",
  reach: () => [{ note: "no Secret itself: what containers print" }],
};
