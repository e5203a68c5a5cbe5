import { createReadStream } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { preserve } from "../../../src/cleanup/bundle/preserve.ts";
import { verifyBundle } from "../../../src/cleanup/bundle/verify.ts";
import type { Json } from "../../../src/model/api.ts";
import { temporary } from "../../cli/temporary.ts";
import { backup, Failure, fakeApi, optionsFor, pathsOf, wanted } from "./bundle-fixture.ts";
import type { Held } from "./bundle-fixture.ts";

const runs = Array.from({ length: 120 }, (_, at) => backup(() => "x", `backup-${String(at).padStart(3, "0")}`));
const jobs = runs.map(({ job }) => job);
const pods = runs.map(({ pod }) => pod);
const { cronJob } = runs[0]!;
const KEY = "k".repeat(32);
const nameOf = (object: Json): string => (object["metadata"] as { name: string }).name;

/** What is written of these objects, by a server that holds this and that; and what it was asked. */
async function written(objects: Json[], held: Held) {
  const asked: string[] = [];
  const path = join(temporary(), "b.evidence");
  const done = await preserve(
    fakeApi({ ...held, asked }),
    { objects: objects.map(wanted) },
    optionsFor(path, { fingerprintKey: KEY }),
  );
  const { manifest } = await verifyBundle(createReadStream(path), "b");
  const names = manifest.parts.flatMap(({ object }) => object?.name ?? []);
  const got = asked.filter((one) => one.includes("/namespaces/database/"));
  return { done, names, asked, got, hashes: new Map(manifest.parts.map((part) => [part.path, part.sha256])) };
}

test("many Jobs and pods come from lists, as the same parts that requests for each give", async () => {
  const objects = pathsOf([...jobs, ...pods, cronJob]);
  const shown = { jobs: jobs.map(untyped), pods: pods.map(untyped) };
  const lists = await written([...jobs, ...pods], { objects, lists: shown });
  const each = await written([...jobs, ...pods], { objects, lists: { jobs: new Failure(403, "Forbidden") } });
  expect(lists.got.length, "the owner").toBe(1);
  expect(each.got.length).toBe(241);
  expect(lists.done.missing).toEqual([]);
  expect(lists.done.versions).toEqual(each.done.versions);
  expect([...lists.hashes]).toEqual([...each.hashes]);
});

/** As an item of a list is: without its kind. */
function untyped(object: Json): Json {
  const item = { ...object };
  delete item["kind"];
  delete item["apiVersion"];
  return item;
}

test("what a list does not show, or as another object, is asked for by its name", async () => {
  const [gone, replaced, hidden] = jobs as [Json, Json, Json];
  const other = { ...replaced, metadata: { ...(replaced["metadata"] as Json), uid: "other" } };
  const there = jobs.slice(3);
  const { done, names, got } = await written(jobs, {
    objects: pathsOf([other, hidden, ...there, cronJob]),
    lists: { jobs: [other, ...there] },
  });
  expect(got.length).toBe(4);
  expect(done.missing.map(({ object, because }) => [object.name, because])).toEqual([
    [nameOf(gone), "it is gone"],
    [nameOf(replaced), "another object has its name now"],
  ]);
  expect(names).toEqual([...there.map(nameOf), nameOf(hidden), "backup"]);
});

test("a list that shows little of what is wanted is left, and Secrets are never listed but one by one", async () => {
  const others = Array.from({ length: 2000 }, (_, at) => ({ metadata: { name: `z-${String(at)}`, uid: String(at) } }));
  const pages: number[] = [];
  const held: Held = { objects: pathsOf([...jobs, cronJob]) };
  const api = fakeApi(held);
  const path = join(temporary(), "b.evidence");
  const list = api.list.bind(api);
  api.list = (group, version, resource, options) => {
    if (resource !== "jobs") return list(group, version, resource, options);
    return (async function* () {
      for (let at = 0; at < others.length; at += 500) {
        pages.push(at);
        yield { items: others.slice(at, at + 500), resourceVersion: "9", restarted: false };
        await Promise.resolve();
      }
    })();
  };
  const done = await preserve(api, { objects: jobs.map(wanted) }, optionsFor(path));
  expect(pages).toEqual([0, 500]);
  expect(done.versions.size).toBe(120);
  const secrets = Array.from({ length: 60 }, (_, at) => ({
    kind: "Secret",
    metadata: { name: `s-${String(at)}`, namespace: "database", uid: `s-${String(at)}` },
  }));
  const { asked } = await written(secrets, { objects: {}, lists: { secrets: [] } });
  const listed = asked.filter((one) => one.startsWith("secrets"));
  expect(listed.length).toBe(60);
  expect(listed.every((one) => one.startsWith("secrets metadata metadata.name="))).toBe(true);
});
