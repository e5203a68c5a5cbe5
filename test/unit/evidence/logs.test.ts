import { describe, expect, test } from "vitest";
import { createContext } from "../../../src/evidence/context.ts";
import { indexed, knownWords } from "../../../src/evidence/known-words.ts";
import { logSources } from "../../../src/evidence/log-containers.ts";
import { isNoLog, logLiterals } from "../../../src/evidence/log-lines.ts";
import { scanLogs } from "../../../src/evidence/log-scan.ts";
import type { Api, ApiFailure, Text } from "../../../src/model/api.ts";
import type { DatedLiteral, Pod } from "../../../src/model/workload.ts";
import { ago, controlledBy, cronJob, finished, HOUR, pod, template, terminated } from "../batch/objects.ts";

const LOG = { container: "main", previous: false, fromStart: true, cut: false };
const stamped = (...lines: string[]): string =>
  lines.map((line, second) => `2026-11-20T03:00:0${String(second)}.123456789Z ${line}\n`).join("");
const shown = (literals: readonly DatedLiteral[]): string[] =>
  literals.map(({ path, name, at }) => `${path} ${name} ${at ?? "undated"}`);

async function read(text: string, more: Partial<typeof LOG> = {}) {
  const { context } = await createContext("test");
  return logLiterals({ ...LOG, text, ...more }, new Map(), context);
}

describe("one log", () => {
  test("gives each credential once, at its first line and that line's time", async () => {
    const { literals } = await read(stamped("starting", "PGPASSWORD=hunter2-long", "again: PGPASSWORD=hunter2-long"));
    expect(shown(literals)).toEqual(["log[main]:line 2 PGPASSWORD 2026-11-20T03:00:01Z"]);
    expect(literals[0]).toMatchObject({ place: "log", field: "log[main]", container: "main" });
  });

  test("whose beginning was left out counts from the end; a last line that was cut counts for nothing", async () => {
    const text = stamped("TOKEN=abcdefgh12345678", "x", "DB_PASSWORD=hunter2-long");
    expect(shown((await read(text, { fromStart: false, previous: true })).literals)).toEqual([
      "log[main, before its restart]:line 3 from the end TOKEN 2026-11-20T03:00:00Z",
      "log[main, before its restart]:line 1 from the end DB_PASSWORD 2026-11-20T03:00:02Z",
    ]);
    expect((await read(text.slice(0, -4), { cut: true })).literals.map(({ name }) => name)).toEqual(["TOKEN"]);
  });

  test("of local time is dated in UTC", async () => {
    const { literals } = await read("2026-11-20T04:00:00.5+01:00 PGPASSWORD=hunter2-long\n");
    expect(literals.map(({ at }) => at)).toEqual(["2026-11-20T03:00:00Z"]);
  });

  test("with very many credentials keeps the surest 200 and counts the others", async () => {
    const uris = Array.from({ length: 150 }, (_, i) => `2026-11-20T03:00:00Z a://u:pass-${String(i)}x@h`);
    const pairs = Array.from({ length: 150 }, (_, i) => `2026-11-20T03:00:00Z password=pass-${String(i)}y`);
    const { literals, more } = await read([...pairs, ...uris].join("\n"));
    expect([literals.length, more]).toEqual([200, 100]);
    expect(literals.filter(({ confidence }) => confidence === "certain")).toHaveLength(150);
  });

  test("that a node answers in words of its own is none", () => {
    expect(isNoLog({ text: "unable to retrieve container logs for containerd://1a2b" })).toBe(true);
    expect(isNoLog({ text: stamped("a") })).toBe(false);
    expect(isNoLog({ text: "" })).toBe(false);
  });
});

test("words that are known credentials are found by their fingerprints, unless they are plain words", async () => {
  const { context } = await createContext("test");
  const literal = (text: string, name: string) => ({
    ...({ kind: "password", confidence: "likely", because: "x", place: "env", path: "p", field: "f" } as const),
    ...{ name, container: "main", fingerprint: context.mask.fingerprint(text) },
  });
  const known = indexed([[literal("hunter2-long", "DB_PASSWORD"), literal("postgres", "PW")]]);
  const names = (text: string): string[] => knownWords(text, known, new Set(), context).map(({ name }) => name);
  for (const text of ["using hunter2-long now", 'got "hunter2-long".', "pw=hunter2-long,", "(x:hunter2-long)"])
    expect(names(text), text).toEqual(["DB_PASSWORD"]);
  expect(names("database postgres, hunter2-longer, hunter2")).toEqual([]);
});

/** Pods of Jobs of CronJobs and bare ones: the number is their age in hours. */
function runs(
  name: string,
  owner: ReturnType<typeof cronJob> | null,
  ages: number[],
): { jobs: ReturnType<typeof finished>[]; pods: Pod[] } {
  const made = ages.map((age) => {
    const job = finished(`${name}-${String(age)}`, age * HOUR, owner, {
      meta: owner === null ? {} : { ownerReferences: controlledBy(owner) },
    });
    const its = pod(`${name}-${String(age)}-x`, {
      phase: "Succeeded",
      template: { ...template({}), restartPolicy: "Never" },
      containers: [terminated("main", ago(age * HOUR))],
      meta: { creationTimestamp: ago(age * HOUR), ownerReferences: controlledBy(job) },
    });
    return { job, its };
  });
  return { jobs: made.map(({ job }) => job), pods: made.map(({ its }) => its) };
}

describe("which logs are read", () => {
  test("every workload has its turn, newest runs first", () => {
    const [a, b] = [runs("a", cronJob("a"), [3, 1, 2]), runs("b", cronJob("b"), [9])];
    const order = logSources({ jobs: [...a.jobs, ...b.jobs], pods: [...a.pods, ...b.pods] });
    expect(order.map(({ pod: { meta } }) => meta.name)).toEqual(["a-1-x", "b-9-x", "a-2-x", "a-3-x"]);
  });

  test("those of services and of containers that never ran are not; a restart has one more", () => {
    const { jobs, pods } = runs("a", null, [1]);
    const state = { ...terminated("main", ago(HOUR)), restartCount: 2 };
    const waiting = { ...terminated("slow", ago(HOUR)), state: "waiting" as const };
    const restarted: Pod = { ...pods[0]!, containers: [state, waiting] };
    const service: Pod = { ...pods[0]!, template: { ...template({}), restartPolicy: "Always" } };
    expect(
      logSources({ jobs, pods: [restarted, service] }).map(({ container, previous }) => [container, previous]),
    ).toEqual([
      ["main", false],
      ["main", true],
    ]);
  });
});

class Failure extends Error implements ApiFailure {
  override readonly name = "ApiError";
  readonly status: number | null;
  readonly reason: string;
  readonly fatal: boolean;
  constructor(status: number | null, reason: string, fatal = false) {
    super(`${reason} it is`);
    [this.status, this.reason, this.fatal] = [status, reason, fatal];
  }
}

describe("reading logs", () => {
  /** What reading comes to where each request is answered so; the requests themselves, and what the pods then hold. */
  async function scan(pods: Pod[], answer: (path: string) => Text | Failure, time = new AbortController()) {
    const asked: string[] = [];
    const api = {
      text(path: string) {
        asked.push(path);
        const text = answer(path);
        return text instanceof Failure ? Promise.reject(text) : Promise.resolve(text);
      },
    } as Partial<Api> as Api;
    const { context, notes } = await createContext("test");
    const lists = { cronjobs: [], jobs: [], pods, configmaps: [] };
    const scanned = await scanLogs(api, lists, { timeBound: () => time.signal, progress: () => undefined }, context);
    return { ...scanned, asked, notes: [...notes, ...scanned.notes] };
  }
  const one = (): Pod[] => runs("a", null, [1]).pods;
  const whole = (text: string): Text => ({ text, cut: false });

  test("asks for times and within bounds, and leaves what it found in the pods", async () => {
    const pods = one();
    const { asked, logs, blindSpots, notes } = await scan(pods, () => whole(stamped("PGPASSWORD=hunter2-long")));
    expect(asked).toEqual([
      "/api/v1/namespaces/database/pods/a-1-x/log?container=main&timestamps=true&limitBytes=1048576",
    ]);
    expect(pods[0]!.logLiterals).toMatchObject([{ path: "log[main]:line 1", name: "PGPASSWORD" }]);
    expect({ logs, blindSpots, notes }).toEqual({
      logs: { containers: 1, unread: [], bytesEach: 1 << 20 },
      blindSpots: [],
      notes: ["container logs read: 1"],
    });
  });

  test("of a longer log reads the end too, and says so", async () => {
    const { asked, logs } = await scan(one(), (path) =>
      path.includes("tailLines=1000") ? whole(stamped("end")) : { text: stamped("start"), cut: true },
    );
    expect(asked).toHaveLength(2);
    expect(logs.unread).toEqual([{ reason: "only the first MiB and the last 1000 lines were read", containers: 1 }]);
  });

  test("counts what it could not read, by reason", async () => {
    const { pods } = runs("a", null, [1, 2, 3]);
    const { logs, notes } = await scan(pods, (path) =>
      path.includes("a-1-x")
        ? new Failure(404, "NotFound")
        : path.includes("a-2-x")
          ? whole("unable to retrieve container logs for containerd://1a2b")
          : whole(""),
    );
    expect(logs).toMatchObject({
      containers: 1,
      unread: [
        { reason: "NotFound", containers: 1 },
        { reason: "its node has no log of it any more", containers: 1 },
      ],
    });
    expect(notes).toEqual([
      "container logs read: 1; not, or not whole: 1 (NotFound), 1 (its node has no log of it any more)",
    ]);
  });

  test("asks a namespace that refuses no further, and makes it a blind spot", async () => {
    const { pods } = runs(
      "a",
      null,
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    const { asked, logs, blindSpots } = await scan(pods, () => new Failure(403, "Forbidden"));
    expect(asked.length).toBeLessThanOrEqual(4);
    expect(logs).toMatchObject({ containers: 0, unread: [{ reason: "Forbidden", containers: 20 }] });
    expect(blindSpots).toMatchObject([
      { verb: "get", resource: "pods/log", namespace: "database", reason: "Forbidden" },
    ]);
  });

  test("reads no more than 500, and none when the time is over", async () => {
    const { pods } = runs(
      "a",
      null,
      Array.from({ length: 503 }, (_, i) => i + 1),
    );
    const many = await scan(pods, () => whole(""));
    expect(many.logs).toMatchObject({ containers: 500, unread: [{ reason: "beyond the first 500", containers: 3 }] });
    const time = new AbortController();
    time.abort();
    const late = await scan(one(), () => whole(""), time);
    expect(late.logs.unread).toEqual([{ reason: "the time for logs was over", containers: 1 }]);
    expect(late.asked).toEqual([]);
  });

  test("ends with what ends every request", async () => {
    await expect(scan(one(), () => new Failure(401, "Unauthorized", true))).rejects.toThrow("Unauthorized it is");
  });
});
