import type { Json } from "../../model/api.ts";
import type { Place } from "../lab/stage.ts";

/**
 * A pod's spec with one container, as a namespace with Pod Security `restricted` and a quota takes it; it is not restarted, and
 * ends a second after its deletion.
 */
export function podSpec(place: Place, container: Json, more: Json = {}): Json {
  return {
    ...(place.node === null ? {} : { nodeName: place.node }),
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 1,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_534,
      runAsGroup: 65_534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...more,
    containers: [
      {
        image: place.image,
        resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        ...container,
      },
    ],
  };
}
