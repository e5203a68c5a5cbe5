import type { Api, Json, ListOptions } from "../../model/api.ts";
import type { LabKind } from "./kinds.ts";

/** The objects of a kind, metadata alone. Throws ApiError. */
export async function listed(
  api: Pick<Api, "list">,
  { group, version, resource }: Pick<LabKind, "group" | "version" | "resource">,
  options: Pick<ListOptions, "namespace" | "labelSelector">,
): Promise<Json[]> {
  let items: Json[] = [];
  for await (const page of api.list(group, version, resource, { ...options, as: "metadata" }))
    items = [...(page.restarted ? [] : items), ...page.items];
  return items;
}
