import { core, type Edge } from "../edge.ts";

export const podsBinding: Edge = {
  id: "pods-binding",
  name: "create pods/binding",
  grants: "pending pods on a node of one's own, with their Secrets and tokens",
  effect: "maybe",
  needs: [{ verbs: ["create"], on: [core("pods/binding"), core("bindings")], named: "either" }],
  since: null,
  until: null,
  caveat: "a node must be one's own already, and a pod must be waiting for one",
  prevent: ["Grant pods/binding and bindings to schedulers alone."],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/storage/storage.go: BindingREST",
  reach: () => [{ note: "no Secret itself: pods that wait for a node" }],
};
