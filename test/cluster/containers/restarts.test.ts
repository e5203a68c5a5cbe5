import { join } from "node:path";
import { expect, test } from "vitest";
import { Canaries } from "../../control-plane/cast/values.ts";
import { useCluster } from "../../control-plane/test.ts";
import { exposuresOf } from "./said.ts";
import {
  createPod,
  endOf,
  eventually,
  fresh,
  fromSecret,
  gated,
  hasVariable,
  holder,
  inPhase,
  inState,
  lineTime,
  logOf,
  openGate,
  podWhen,
  secret,
  statusOf,
} from "./stage.ts";

const cluster = useCluster({ needs: ["real-node"] });

/** Counts its runs; each prints and writes a password of its own, waits, and fails unless it is the third. */
const script = `
run=$(cat /gates/runs 2>/dev/null || echo 0)
echo $((run + 1)) >/gates/runs
echo "PGPASSWORD=$(cat /login/printed-$run)"
until [ -e /gates/run-$run ]; do sleep 0.2; done
echo "failed: password=$(cat /login/written-$run)" >/dev/termination-log
[ $run = 2 ]
`;

/** Where the log's first lines are, of the run now and of the one before. */
const [NOW, BEFORE] = ["log[main]:line 1", "log[main, before its restart]:line 1"];

test(
  "a container that restarts: one window for its Secret, and of its words and its log only the last two",
  { timeout: 240_000 },
  async () => {
    const canaries = new Canaries();
    const numbers = [0, 1, 2];
    const printed = numbers.map(() => canaries.password());
    const written = numbers.map(() => canaries.password());
    const held = fresh();
    const files = numbers.flatMap((run) => [
      [`printed-${String(run)}`, printed[run]!],
      [`written-${String(run)}`, written[run]!],
    ]);
    await secret(cluster, "login", { held, ...(Object.fromEntries(files) as Record<string, string>) });
    const main = gated("main", {
      command: ["sh", "-c", script],
      env: [fromSecret("HELD", "login", "held")],
      volumeMounts: [{ name: "login", mountPath: "/login" }],
    });
    const volumes = [{ name: "login", secret: { secretName: "login" } }];
    const made = await createPod(cluster, "again", { restartPolicy: "OnFailure", containers: [main], volumes });
    const [thief, reader] = [await holder(cluster, "create", "pods/exec"), await holder(cluster, "get", "pods/log")];
    const has = () => hasVariable(cluster, thief, ["again", "main"], `HELD=${held}`);
    /** Which run's line the log shows, of the run now or of the one before; null where there is none. */
    const shows = async (previous = false) => {
      const { status, body } = await logOf(cluster, reader, "again", "main", previous);
      const run = status === 200 ? printed.findIndex((value) => String(body).includes(value)) : -1;
      return run === -1 ? null : run;
    };
    const timeOf = (run: number) =>
      lineTime(join(cluster.node.disk(made).logs, `main/${String(run)}.log`), printed[run]!);
    const restarted = async (run: number) => {
      openGate(cluster, made, `run-${String(run - 1)}`);
      return podWhen(cluster, "again", `run ${String(run)}`, (pod) => {
        const main = statusOf(pod, "main");
        return main?.["restartCount"] === run && main["state"].running !== undefined;
      });
    };
    const { status } = await inState(cluster, "again", "main", "running");
    const open = { opens: status.startTime as string, closes: null, neededUntil: null };
    expect([await has(), await shows(), await shows(true)]).toEqual([true, 0, null]);

    for (const run of [1, 2]) {
      const { lastState } = statusOf(await restarted(run), "main")!;
      expect([await has(), await shows(), await shows(true)]).toEqual([true, run, run - 1]);
      const said = await exposuresOf(cluster, "again");
      expect(said.of("secret-env", "login/held"), "from the first start on").toMatchObject(open);
      expect(lastState.terminated.message === `failed: password=${written[run - 1]!}\n`).toBe(true);
      expect(said.of("termination-message")).toMatchObject({
        path: "status.containerStatuses[0].lastState.terminated.message",
        opens: lastState.terminated.finishedAt,
        closesWhy: expect.stringContaining("until the container restarts again"),
      });
      expect(said.all("log", "PGPASSWORD"), "of all its runs the last two").toMatchObject({
        [NOW]: { opens: timeOf(run), closesWhy: expect.stringContaining("rotates the log") },
        [BEFORE]: {
          opens: timeOf(run - 1),
          closes: null,
          closesIsBound: true,
          closesWhy: expect.stringContaining("until the container ends again"),
        },
      });
    }

    openGate(cluster, made, "run-2");
    const over = endOf(await inPhase(cluster, "again", "Succeeded"), "main");
    expect(await has()).toBeNull();
    await eventually("the log of the run before to go", async () => (await shows(true)) === null);
    expect(await shows()).toBe(2);
    const said = await exposuresOf(cluster, "again");
    expect(said.of("secret-env", "login/held")).toMatchObject({ ...open, closes: over, neededUntil: over });
    expect(Object.keys(said.all("log", "PGPASSWORD"))).toEqual([NOW]);
    expect(said.notes.join()).toContain("1 (its node has no log of it any more)");
    // Only a restart replaces the last words of the run before.
    const words = said.all("termination-message");
    expect(Object.keys(words).sort()).toEqual(
      ["lastState", "state"].map((state) => `status.containerStatuses[0].${state}.terminated.message`),
    );
    for (const one of Object.values(words)) expect(one).toMatchObject({ closes: null, neededUntil: over });
  },
);
