const ON_OBJECT = /^(.+)-(get|list|watch)$/;

/** `get, list pods; get jobs`: edges that are a verb on a resource, by verbs; others by their id. */
export function throughText(edges: readonly string[]): string {
  const byResource = Map.groupBy(edges, (edge) => ON_OBJECT.exec(edge)?.[1] ?? "");
  const others = byResource.get("") ?? [];
  byResource.delete("");
  const byVerbs = Map.groupBy([...byResource], ([resource, ids]) =>
    ids.map((id) => id.slice(resource.length + 1)).join(", "),
  );
  const grants = [...byVerbs].map(([verb, resources]) => `${verb} ${resources.map(([name]) => name).join(", ")}`);
  return [...grants, ...others].join("; ");
}
