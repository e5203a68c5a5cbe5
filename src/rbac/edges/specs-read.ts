import { api, core, type Edge } from "../edge.ts";
import { CONTROLLERS, PODS, RETURNING } from "../resources.ts";

export const specsRead: Edge = {
  id: "specs-read",
  name: "get, list, watch or otherwise have returned what carries specs",
  grants: "literal values in env, arguments, annotations, ConfigMaps and events, and the names of Secrets",
  effect: "maybe",
  needs: [
    {
      verbs: RETURNING,
      on: [
        PODS,
        ...CONTROLLERS,
        api("apps", "controllerrevisions"),
        core("podtemplates"),
        core("configmaps"),
        core("events"),
        api("events.k8s.io", "events"),
        core("serviceaccounts"),
      ],
      named: "either",
    },
  ],
  since: null,
  until: null,
  caveat: "of a Secret only its name; which literals there are is what exposure reports",
  prevent: [
    "Keep values out of objects: see no-value-in-object; then this right shows names alone.",
    "`kubectl cronaudit exposure --by reader` says what each reader finds there now.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "core/v1 types.go: EnvVar.value stands in the object, EnvVar.valueFrom names the Secret",
  reach: () => [{ note: "no Secret itself: literal values, and names of Secrets" }],
};
