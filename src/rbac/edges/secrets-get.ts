import type { Edge } from "../edge.ts";

export const secretsGet: Edge = {
  id: "secrets-get",
  name: "get secrets",
  grants: "the Secret with all its data",
  effect: "read",
  needs: { verb: "get", group: "", resource: "secrets", subresource: "", named: "always" },
  since: null,
  until: null,
  caveat: "the object's name must be known",
  source: "apiserver/pkg/endpoints/request/requestinfo.go: a GET with a name is the verb get",
};
