import { core, type Edge } from "../edge.ts";
import { insidePods } from "../gains.ts";

export const podsAttach: Edge = {
  id: "pods-attach",
  name: "create pods/attach",
  grants: "input and output of a running container's first process",
  effect: "maybe",
  needs: [{ verbs: ["create"], on: [core("pods/attach")], named: "always" }],
  since: null,
  until: null,
  caveat: "the process must be a shell that reads its input, or print the credential",
  prevent: ["Grant it as rarely as pods/exec; leave `stdin` off in templates, so that no process reads from it."],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/rest/subresources.go: AttachREST",
  reach: (site) => [insidePods(site, { where: site.where, names: site.held[0]!.names })],
};
