import { expect, test } from "vitest";
import { useCluster } from "../control-plane/test.ts";
import {
  accountDeleted,
  accountHeld,
  accountRecreatedUnderway,
  mintedByNode,
  mintedToStay,
} from "./tokens/accounts.ts";
import { expired } from "./tokens/expiry.ts";
import { legacy } from "./tokens/legacy.ts";
import { deletedAndRecreated, heldByFinalizer } from "./tokens/lives.ts";
import type { Stage } from "./tokens/stage.ts";

const cluster = useCluster({ needs: ["fake-node", "static-tokens", "edit-etcd"] });

/** Each waits most of its time, so that they live through one minute together; none touches what another made. */
const lives: Record<string, (stage: Stage) => Promise<void>> = {
  "running, completed, deleted and recreated": deletedAndRecreated,
  "held by a finalizer": heldByFinalizer,
  "past its exp": expired,
  "its account deleted": accountDeleted,
  "its account recreated while it ran": accountRecreatedUnderway,
  "its account held by a finalizer": accountHeld,
  "minted with a stolen one": mintedToStay,
  "minted by the node": mintedByNode,
  "in a Secret": legacy,
};

test("a token is taken exactly as long as the report says", async () => {
  const { plane, namespace } = cluster;
  const names = Object.keys(lives);
  const ends = await Promise.allSettled(names.map((name) => lives[name]!({ plane, namespace })));
  const wrong = ends.flatMap((end, i) =>
    end.status === "rejected"
      ? [`${names[i]!}: ${end.reason instanceof Error ? (end.reason.stack ?? "") : String(end.reason)}`]
      : [],
  );
  expect(wrong.join("\n\n")).toBe("");
}, 120_000);
