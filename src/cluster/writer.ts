import type { Deletion, Json, Writer } from "../model/api.ts";
import { Connection } from "./connection.ts";
import type { Transport } from "./transport.ts";

const PROPAGATION = { background: "Background", foreground: "Foreground" } as const;

/**
 * A connection that may also change objects. A change is sent again only where the server said that it did nothing; what a
 * broken connection or a 5xx leaves open is for the caller to read.
 */
export class WriterConnection extends Connection implements Writer {
  readonly #transport: Transport;

  constructor(...parts: ConstructorParameters<typeof Connection>) {
    super(...parts);
    this.#transport = parts[1];
  }

  /** The API's own default would orphan what a Job owns; so how it goes is always said. */
  remove(path: string, { uid, resourceVersion, cascade }: Deletion, dryRun: boolean): Promise<Json> {
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      preconditions: { uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
      propagationPolicy: PROPAGATION[cascade],
      ...(dryRun ? { dryRun: ["All"] } : {}),
    };
    return this.#transport.send({ method: "DELETE", path, body, once: true });
  }

  patch(path: string, patch: Json, dryRun: boolean, fieldManager?: string): Promise<Json> {
    const contentType = "application/merge-patch+json";
    const target = `${path}${queryOf(dryRun, fieldManager)}`;
    return this.#transport.send({ method: "PATCH", path: target, body: patch, contentType, once: true });
  }

  create(path: string, object: Json, dryRun: boolean): Promise<Json> {
    return this.#transport.send({ method: "POST", path: `${path}${queryOf(dryRun)}`, body: object, once: true });
  }
}

function queryOf(dryRun: boolean, fieldManager?: string): string {
  const query = new URLSearchParams({
    ...(dryRun ? { dryRun: "All" } : {}),
    ...(fieldManager === undefined ? {} : { fieldManager }),
  }).toString();
  return query === "" ? "" : `?${query}`;
}
