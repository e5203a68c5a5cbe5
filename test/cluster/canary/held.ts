import { hash } from "node:crypto";
import { must, pathOf } from "../../control-plane/act.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";

/**
 * Secrets that hold every one of these values, and more around them: what stands in an object, a log or a message equals one of
 * them. Their keys say nothing, so that the values alone decide.
 */
export async function holdInSecrets(plane: ControlPlane, namespace: string, values: readonly string[]): Promise<void> {
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  const put = (name: string, data: Record<string, string>, type = "Opaque"): Promise<unknown> =>
    must(plane, "POST", pathOf("Secret", namespace), { metadata: { name }, type, data });
  const byNumber = (wrap: (value: string) => string): Record<string, string> =>
    Object.fromEntries(values.map((value, number) => [`value-${String(number)}`, encode(wrap(value))]));
  await put(
    "held",
    byNumber((value) => value),
  );
  await put(
    "held-lines",
    byNumber((value) => `${value}\n`),
  );
  await put("held-encoded", byNumber(encode));
  await put(
    "held-uris",
    byNumber((value) => `postgres://app:${value}@db.example.com/app`),
  );
  await put(
    "held-files",
    byNumber((value) => JSON.stringify({ password: value, note: [value] })),
  );
  const data = { ".dockerconfigjson": encode(JSON.stringify({ auths: { h: { auth: encode(`u:${values[0]!}`) } } })) };
  await put("held-login", data, "kubernetes.io/dockerconfigjson");
}

/** Hashes without a key, by which whoever has a list of passwords could tell one. */
export function hashesOf(value: string): string[] {
  return ["sha256", "sha1", "md5", "sha512"].flatMap((algorithm) => [
    hash(algorithm, value),
    hash(algorithm, value, "base64").replace(/=+$/, ""),
    hash(algorithm, Buffer.from(value).toString("base64")),
  ]);
}
